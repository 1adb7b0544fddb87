import ReportModel

extension LearnerScene {
    /// What the checks are about. Batch b1 of do_a has seven learners, whose ids sort differently by UTF-8 and by UTF-16;
    /// do_b has another batch b1; batch b2 of do_a shares learners with b1.
    public static func tables() throws -> ImportTables {
        var tables = try ImportTables(lines: lines)
        // More contents than a search service gives in a page.
        for number in 0..<250 {
            tables.add(
                ["identifier": "do_many_\(number)", "name": "Content \(number)", "channel": "many", "status": "Live"],
                to: "content")
        }
        // Profiles of people who are in no batch, between and around those who are.
        for number in 0..<300 { tables.add(["userid": "m\(number)", "firstname": "Bystander"], to: "user") }
        return tables
    }

    private static let lines: [String: String] = [
        "user_enrolments": #"""
        {"userid":"u2","courseid":"do_a","batchid":"b1","active":"True","enrolled_date":"2020-08-25T13:45:54.150Z","enrolleddate":"2019-01-01","contentstatus":{"do_2":1,"do_10":2,"do_1":2},"certstatus":3,"issued_certificates":[{"name":"c"}]}
        {"userid":"U1","courseid":"do_a","batchid":"b1","active":true,"enrolleddate":"2020-08-25 13:45:54:150+0000","completedon":"2020-09-01T00:00:00.000Z","certificates":[{"a":"b"}],"issued_certificates":[]}
        {"userid":"u10","courseid":"do_a","batchid":"b1","active":false,"contentstatus":{}}
        {"userid":"😀","courseid":"do_a","batchid":"b1","contentstatus":"{\"q\\\"uote\":\"2\",\"é\":0}"}
        {"userid":"～","courseid":"do_a","batchid":"b1","active":true,"enrolled_date":1598363154150}
        {"userid":"é","courseid":"do_a","batchid":"b1","active":"false","enrolled_date":null,"enrolleddate":""}
        {"userid":"z","courseid":"do_a","batchid":"b1","active":true,"enrolled_date":"2020-01-01"}
        {"userid":"z","courseid":"do_a","batchid":"b1","active":true,"enrolled_date":"2020-01-02"}
        {"userid":"u2","courseid":"do_b","batchid":"b1","active":false,"enrolled_date":"2021-01-01"}
        {"userid":"u2","courseid":"do_a","batchid":"b2","active":true,"enrolled_date":"2022-01-01"}
        {"userid":"u3","courseid":"do_a","batchid":"b2","active":true,"enrolled_date":"2022-01-01"}
        """#,
        "user_activity_agg": #"""
        {"activity_type":"Course","activity_id":"do_a_unit","user_id":"u2","context_id":"cb:b1","agg":{"completedCount":7},"aggregates":{"completedCount":2.0}}
        {"activity_type":"Course","activity_id":"do_a","user_id":"u2","context_id":"cb:b1","agg":{"completedCount":3},"aggregates":{"timespent":12.5,"score:do_1":1.0}}
        {"activity_type":"Course","activity_id":"do_a","user_id":"U1","context_id":"cb:b1","aggregates":{"completedCount":0.0}}
        {"activity_type":"Course","activity_id":"do_a","user_id":"é","context_id":"cb:b1"}
        {"activity_type":"Course","activity_id":"do_other","user_id":"u2","context_id":"cb:b1","aggregates":{"completedCount":9.0}}
        {"activity_type":"Course","activity_id":"do_a","user_id":"u2","context_id":"cb:b2","aggregates":{"completedCount":8.0}}
        {"activity_type":"Course","activity_id":"do_a","user_id":"u3","context_id":"cb:b2","aggregates":{"completedCount":1.0}}
        """#,
        "assessment_aggregator": #"""
        {"user_id":"u2","course_id":"do_a","batch_id":"b1","content_id":"q1","attempt_id":"a2","last_attempted_on":"2020-01-02T00:00:00Z","total_score":1.5,"total_max_score":2.0,"grand_total":"1.5/2.0","question":[{"id":"x","duration":1.5,"score":0.5,"max_score":1.0,"type":"mcq","title":"T \"1\"\nnext \\frac","description":"","params":[{"b":"2","a":"{\"k\": 1}"}],"resvalues":[]},{"id":"y","duration":2,"title":null,"params":null}]}
        {"user_id":"u2","course_id":"do_a","batch_id":"b1","content_id":"q2","attempt_id":"a1","last_attempted_on":"2020-01-02T00:00:00Z","total_score":0,"grand_total":"20"}
        {"user_id":"u2","course_id":"do_a","batch_id":"b1","content_id":"q1","attempt_id":"a1","last_attempted_on":"2020-01-02T00:00:00Z","question":[]}
        {"user_id":"u2","course_id":"do_a","batch_id":"b1","content_id":"q9","attempt_id":"a9","total_score":"7"}
        {"user_id":"u2","course_id":"do_a","batch_id":"b1","content_id":"q1","attempt_id":"a0","last_attempted_on":"2019-12-31T23:59:59.999Z","question":[{"id":"z"}]}
        {"user_id":"U1","course_id":"do_a","batch_id":"b1","content_id":"q1","attempt_id":"a1","last_attempted_on":"1969-12-31T00:00:00Z"}
        {"user_id":"z","course_id":"do_a","batch_id":"b1","content_id":"q1","attempt_id":"a1","last_attempted_on":"2020-01-01","total_score":1}
        {"user_id":"z","course_id":"do_a","batch_id":"b1","content_id":"q1","attempt_id":"a1","last_attempted_on":"2020-01-05","total_score":2,"question":"[{\"id\": \"t\", \"duration\": \"0.25\"}]"}
        {"user_id":"u2","course_id":"do_b","batch_id":"b1","content_id":"q1","attempt_id":"a7","last_attempted_on":"2020-01-02T00:00:00Z"}
        {"user_id":"u2","course_id":"do_a","batch_id":"b2","content_id":"q1","attempt_id":"a8","last_attempted_on":"2020-01-02T00:00:00Z"}
        {"user_id":"nobody","course_id":"do_a","batch_id":"b1","content_id":"q1","attempt_id":"a1","last_attempted_on":"2020-01-02T00:00:00Z"}
        """#,
        "assessment_archive": #"""
        {"user_id":"u10","course_id":"do_a","batch_id":"b1","content_id":"q1","attempt_id":"old","last_attempted_on":1577836800000,"question":[{"id":"x","params":[{"b":1,"a":2}]}]}
        {"user_id":"U1","course_id":"do_a","batch_id":"b1","content_id":"q1","attempt_id":"old"}
        """#,
        "user": #"""
        {"userid":"u2","firstname":"Asha","lastname":"","email":"line\nbreak","rootorgid":"org-1","board":["CBSE"],"status":1}
        {"userid":"U1","firstname":"José","phone":null}
        {"userid":"u10"}
        {"userid":"z","firstname":"Old"}
        {"userid":"z","lastname":"New"}
        """#,
        "user_consent": #"""
        {"user_id":"u2","consumer_id":"org-1","object_id":"do_a","status":"ACTIVE","expiry":"whenever","last_updated_on":"2020-08-25T13:45:54.150Z"}
        {"user_id":"U1","consumer_id":"org-1","object_id":"do_a","status":"revoked","expiry":""}
        {"user_id":"z","consumer_id":"org-2","object_id":"do_a","status":"ACTIVE"}
        {"user_id":"é","consumer_id":"org-1","object_id":"do_b","status":"ACTIVE"}
        """#,
        "course_batch": #"""
        {"courseid":"do_b","batchid":"b1","name":"B one"}
        {"courseid":"do_a","batchid":"b1","name":"A one","startdate":"2020-01-01","start_date":"2020-02-02T00:00:00.000Z","end_date":"","enddate":"2020-12-31","status":1,"createdby":"maker","mentors":["m1","m2"]}
        {"courseid":"do_a","batchid":"b2"}
        """#,
        "content": #"""
        {"identifier":"do_a","name":"Course A","channel":"org-1","userConsent":"YES","status":"Live","subject":["Maths","Physics"],"leafNodesCount":12,"createdOn":"2020-05-01"}
        {"identifier":"do_b","name":"Course B","channel":"org-2","userConsent":"No","status":"Retired","subject":["Maths"],"leafNodesCount":3}
        {"identifier":"do_c","name":"Course C","channel":"org-1","status":"Unlisted","leafNodesCount":7,"createdOn":"2021-05-01"}
        {"identifier":"do_d","name":"Course D","channel":"org-1","status":"Draft"}
        {"identifier":"do_e","channel":"org-1","status":"Live","leafNodesCount":7}
        """#,
        "content_hierarchy": #"""
        {"identifier":"do_a","hierarchy":{"identifier":"do_a","name":"Course A","leafNodesCount":2,"children":[{"identifier":"do_a_unit","mimeType":"application/vnd.ekstep.content-collection","children":[{"identifier":"do_2","relationalMetadata":{"optional":true}},{"identifier":"do_1"}]}]}}
        {"identifier":"do_b","hierarchy":"{\"identifier\":\"do_b\",\"name\":\"as text\"}"}
        """#,
        "system_settings": #"{"id":"custodianOrgId","field":"custodianOrgId","value":"org-custodian"}"#,
        "tenant_preference": #"""
        {"orgid":"org-1","key":"dataSecurityPolicy","data":{"level":"PLAIN_DATASET","job":{"progress-exhaust":{"level":"TEXT_KEY_ENCRYPTED_DATASET"},"userinfo-exhaust":{"level":""}}}}
        {"orgid":"org-2","key":"dataSecurityPolicy","data":"{\"level\":\"L4\"}"}
        {"orgid":"org-3","key":"dataSecurityPolicy","data":{"job":{}}}
        {"orgid":"org-4","key":"userPrivateFields","data":{"piiFields":["email"]}}
        {"orgid":"default","key":"dataSecurityPolicy","data":{"level":"PASSWORD_PROTECTED_DATASET"}}
        """#,
        "organisation": #"""
        {"id":"org-1","orgname":"One","keys":{"exhaustEncryptionKey":["-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"]}}
        {"id":"org-2","keys":{}}
        {"id":"org-3"}
        """#,
    ]
}
