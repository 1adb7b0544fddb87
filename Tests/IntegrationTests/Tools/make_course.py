"""Makes a course with one batch for each number of learners, in import form; small rows, so that many are made soon.

usage: make_course.py LEARNERS... FOLDER
"""

import os
import sys

*sizes, folder = sys.argv[1:]
os.makedirs(folder)


def table(name):
    return open(os.path.join(folder, f"{name}.jsonl"), "w", encoding="utf-8")


with table("content") as content, table("course_batch") as batches:
    content.write('{"identifier":"course","name":"Course","status":"Live","channel":"org"}\n')
    for size in sizes:
        batches.write(f'{{"courseid":"course","batchid":"b{size}","name":"Batch of {size}"}}\n')
with table("user_enrolments") as enrolments, table("assessment_aggregator") as attempts, table("user") as users:
    for size in sizes:
        for number in range(int(size)):
            user = f"{size}-{number * 2654435761 % 2**32:08x}-{number:07d}"
            users.write(f'{{"userid":"{user}","firstname":"Asha","lastname":"No. {number}","rootorgid":"org"}}\n')
            enrolments.write(
                f'{{"userid":"{user}","courseid":"course","batchid":"b{size}","active":true,'
                '"enrolled_date":"2024-01-01 00:00:00.000","contentstatus":{"a":2,"b":1}}\n'
            )
            if number % 2 == 0:
                attempts.write(
                    f'{{"user_id":"{user}","course_id":"course","batch_id":"b{size}","content_id":"quiz","attempt_id":"1",'
                    f'"total_score":{number % 7},"last_attempted_on":"2024-01-01 00:00:00.000","question":[{{"id":"q",'
                    '"type":"mcq","score":1.0,"max_score":2.0,"duration":3.5,"title":"What is it?","params":[],"resvalues":[]}]}\n'
                )
