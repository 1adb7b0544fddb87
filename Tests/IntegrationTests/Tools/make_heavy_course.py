"""Makes a course whose learners have one attempt of very many questions each, in import form, with one batch for each number
of learners.

usage: make_heavy_course.py QUESTIONS LEARNERS... FOLDER
"""

import json
import os
import sys

questions, *sizes, folder = sys.argv[1:]
os.makedirs(folder)


def rows(name, values):
    with open(os.path.join(folder, f"{name}.jsonl"), "w", encoding="utf-8") as file:
        for value in values:
            file.write(json.dumps(value, separators=(",", ":")) + "\n")


def question(number):
    # Its bytes are in the title: maps would cost the server more time than all that is tested.
    title = f"What comes after number {number} in this list? " + "It is a long list. " * 15
    return {"id": f"do_question_{number:08d}", "type": "mcq", "title": title, "score": 1.0, "max_score": 1.0, "duration": 3}


# The form of the sample's learners, for which logs are searched.
sizes_of_all = [size for size in sizes for _ in range(int(size))]
learners = [(size, f"{number:08x}-0000-0000-0000-{number:012x}") for number, size in enumerate(sizes_of_all)]
batches = [{"courseid": "course", "batchid": f"b{size}", "name": f"Batch of {size}"} for size in sizes]
many = [question(number) for number in range(int(questions))]
rows("content", [{"identifier": "course", "name": "Course", "status": "Live", "channel": "org"}])
rows("course_batch", batches)
rows("user", [{"userid": user, "firstname": "Asha", "rootorgid": "org"} for _, user in learners])
rows(
    "user_enrolments",
    [{"userid": user, "courseid": "course", "batchid": f"b{size}", "active": True} for size, user in learners],
)
rows(
    "assessment_aggregator",
    (
        {
            "user_id": user, "course_id": "course", "batch_id": f"b{size}", "content_id": "quiz", "attempt_id": "1",
            "total_score": 1.0, "last_attempted_on": "2024-01-01T00:00:00.000Z", "question": many,
        }
        for size, user in learners
    ),
)
