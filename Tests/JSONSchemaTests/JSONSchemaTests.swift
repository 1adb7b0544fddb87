import JSONSchema
import ReportModel
import Testing

@Suite struct JSONSchemaTests {
    private func failure(_ schema: String, _ value: String) throws -> String? {
        try JSONSchema(JSONValue(parsing: schema)).firstFailure(of: JSONValue(parsing: value))
    }

    /// Schema, a value that fulfils it, one that does not, and what upstream's validator says of that.
    private static let keywords: [(String, String, String, String)] = [
        (
            #"{"required":["tag","dataset"]}"#, #"{"dataset":1,"tag":null}"#, "{}",
            #"object has missing required properties (["dataset","tag"])"#
        ),
        (
            #"{"type":"string"}"#, #""x""#, "1",
            #"instance type (integer) does not match any allowed primitive type (allowed: ["string"])"#
        ),
        (
            #"{"type":["string","number"]}"#, "1", "null",
            #"instance type (null) does not match any allowed primitive type (allowed: ["integer","number","string"])"#
        ),
        (
            #"{"type":"integer"}"#, "10", "1.5",
            #"instance type (number) does not match any allowed primitive type (allowed: ["integer"])"#
        ),
        (
            #"{"enum":["csv","json",1]}"#, "1.0", #""xml""#,
            #"instance value ("xml") not found in enum (possible values: ["csv","json",1])"#
        ),
        (
            #"{"const":{"a":1,"b":2}}"#, #"{"b":2,"a":1.0}"#, "{}",
            #"instance value ({}) not found in enum (possible values: [{"a":1,"b":2}])"#
        ),
        (
            #"{"pattern":"^do_[0-9]+$"}"#, #""do_1""#, #""do_""#,
            #"ECMA 262 regex "^do_[0-9]+$" does not match input string "do_""#
        ),
        (
            #"{"minLength":8}"#, #""12345678""#, #""abc""#,
            #"string "abc" is too short (length: 3, required minimum: 8)"#
        ),
        (#"{"maxLength":2}"#, #""😀é""#, #""abc""#, #"string "abc" is too long (length: 3, maximum allowed: 2)"#),
        (
            #"{"minItems":1}"#, "[1]", "[]",
            "array is too short: must have at least 1 elements but instance has 0 elements"
        ),
        (
            #"{"maxItems":1}"#, "[1]", "[1,2]",
            "array is too long: must have at most 1 elements but instance has 2 elements"
        ),
        (#"{"uniqueItems":true}"#, "[1,2]", "[1,1.0]", "array must not contain duplicate elements"),
        (
            #"{"minProperties":1}"#, #"{"a":1}"#, "{}",
            "object has too few properties (found 0 but schema requires at least 1)"
        ),
        (
            #"{"maxProperties":0}"#, "{}", #"{"a":1}"#,
            "object has too many properties (found 1 but schema requires at most 0)"
        ),
        (#"{"minimum":5}"#, "5", "4.5", "numeric instance is lower than the required minimum (minimum: 5, found: 4.5)"),
        (
            #"{"minimum":5,"exclusiveMinimum":true}"#, "6", "5",
            "numeric instance is not strictly greater than the required minimum 5"
        ),
        (#"{"exclusiveMinimum":5}"#, "6", "5", "numeric instance is not strictly greater than the required minimum 5"),
        (#"{"maximum":5}"#, "5", "6", "numeric instance is greater than the required maximum (maximum: 5, found: 6)"),
        (
            #"{"maximum":5,"exclusiveMaximum":true}"#, "4", "5",
            "numeric instance is not strictly lower than the required maximum 5"
        ),
        (#"{"multipleOf":0.1}"#, "0.3", "0.35", "remainder of division is not zero (0.35 / 0.1)"),
        (
            #"{"properties":{"tag":{}},"patternProperties":{"^x":{}},"additionalProperties":false}"#,
            #"{"tag":1,"x1":2}"#, #"{"tag":1,"zzz":1,"dataset":2}"#,
            #"object instance has properties which are not allowed by the schema: ["dataset","zzz"]"#
        ),
        (
            #"{"additionalProperties":{"type":"string"}}"#, #"{"a":"x"}"#, #"{"a":1}"#,
            #"instance type (integer) does not match any allowed primitive type (allowed: ["string"])"#
        ),
        (
            #"{"items":[{}],"additionalItems":false}"#, "[1]", "[1,2]",
            "schema only allows 1 elements in array but instance has 2 elements"
        ),
        (
            #"{"items":{"type":"string"}}"#, #"["a"]"#, #"["a",true]"#,
            #"instance type (boolean) does not match any allowed primitive type (allowed: ["string"])"#
        ),
        (
            #"{"allOf":[{"minimum":1},{"maximum":2}]}"#, "2", "3",
            "instance failed to match all required schemas (matched only 1 out of 2)"
        ),
        (
            #"{"anyOf":[{"required":["a"]},{"required":["b"]}]}"#, #"{"b":1}"#, "{}",
            "instance failed to match at least one required schema among 2"
        ),
        (
            #"{"oneOf":[{"minimum":1},{"minimum":2}]}"#, "1", "3",
            "instance failed to match exactly one schema (matched 2 out of 2)"
        ),
        (#"{"not":{"type":"string"}}"#, "1", #""x""#, "instance matched a schema which it should not have"),
        (
            #"{"dependencies":{"a":["b"]}}"#, #"{"a":1,"b":2}"#, #"{"a":1}"#,
            #"property "a" of object has missing property dependencies (schema requires ["b"]; missing: ["b"])"#
        ),
        (
            #"{"dependencies":{"a":{"required":["c"]}}}"#, #"{"b":2}"#, #"{"a":1}"#,
            #"object has missing required properties (["c"])"#
        ),
        (#"{"properties":{"a":false}}"#, "{}", #"{"a":1}"#, "instance matched a schema which it should not have"),
    ]

    @Test(arguments: keywords)
    func `every keyword speaks as upstream's validator does`(
        schema: String, right: String, wrong: String, message: String
    ) throws {
        #expect(try failure(schema, right) == nil)
        #expect(try failure(schema, wrong) == message)
    }

    @Test(arguments: [
        #"{"minLength":2,"pattern":"x","required":["a"],"minItems":3,"minimum":9,"properties":{"a":{"type":"null"}}}"#,
        "true",
        "{}", #"{"$schema":"http://json-schema.org/draft-07/schema#","title":"x","format":"email","default":1}"#,
    ])
    func `keywords of other types, and those that demand nothing, do not count`(schema: String) throws {
        #expect(try failure(schema, "false") == nil)
    }

    @Test func `the value itself comes before its members, and members by name`() throws {
        let schema = #"{"required":["z"],"properties":{"b":{"type":"null"},"a":{"enum":[1]}}}"#
        #expect(try failure(schema, #"{"b":1,"a":2}"#)?.contains("missing") == true)
        #expect(try failure(schema, #"{"b":1,"z":0,"a":2}"#)?.contains("enum") == true)
        #expect(try failure(schema, #"{"b":1,"z":0,"a":1}"#)?.contains("type") == true)
    }

    @Test(arguments: [
        ("[]", "schema: a schema must be an object"), (##"{"$ref":"#"}"##, "schema: keyword $ref is not supported"),
        (#"{"properties":{"a":{"if":{}}}}"#, "schema.a: keyword if is not supported"),
        (#"{"type":"text"}"#, "schema.type: there is no type text"),
        (#"{"type":5}"#, "schema.type: must be a list of texts"),
        (#"{"required":true}"#, "schema.required: must be a list of texts"),
        (#"{"enum":[]}"#, "schema.enum: must be a list"),
        (#"{"minLength":-1}"#, "schema.minLength: must be a whole number"),
        (#"{"items":[{"multipleOf":0}]}"#, "schema.items[0].multipleOf: must be more than 0"),
    ])
    func `what is no schema, or cannot be checked, is refused and named`(schema: String, message: String) throws {
        #expect(throws: ExhaustError(.invalidInput, message)) { try JSONSchema(JSONValue(parsing: schema)) }
    }

    @Test(arguments: ["(", "[z-a]", "a{2,1}", #"\C"#])
    func `what is no pattern is refused`(pattern: String) throws {
        let schema = JSONValue.members(("pattern", .string(pattern)))
        #expect { try JSONSchema(schema) } throws: { ($0 as? ExhaustError)?.code == .invalidInput }
    }

    @Test(arguments: [#"^(a+)+$"#, #"^(\w+\s?)*$"#])
    func `a pattern that would take for ever is given up`(pattern: String) throws {
        let schema = try JSONSchema(.members(("pattern", .string(pattern))))
        let text = String(repeating: "a", count: 60_000) + "!"
        let start = ContinuousClock.now
        #expect { try schema.firstFailure(of: .string(text)) } throws: { ($0 as? ExhaustError)?.code == .limitExceeded }
        #expect(start.duration(to: .now) < .seconds(5))
    }

    @Test func `all patterns of a check have one budget of steps`() throws {
        let schema = try JSONSchema(
            JSONValue(parsing: #"{"properties":{"ids":{"items":{"pattern":"^(a+)+$"}}}}"#))
        let dear = JSONValue.string(String(repeating: "a", count: 16) + "!")
        #expect(try schema.firstFailure(of: .members(("ids", .array([.string("aaaa")])))) == nil)
        // One of them is only wrong; a thousand would take for ever.
        #expect(try schema.firstFailure(of: .members(("ids", .array([dear])))) != nil)
        let ids = try JSONSchema(JSONValue(parsing: #"{"items":{"anyOf":[{"pattern":"^(a+)+$"},{"type":"string"}]}}"#))
        let start = ContinuousClock.now
        #expect { try ids.firstFailure(of: .array(Array(repeating: dear, count: 1_000))) } throws: {
            ($0 as? ExhaustError)?.code == .limitExceeded
        }
        #expect(start.duration(to: .now) < .seconds(5))
    }

    @Test func `an honest pattern over thousands of ids is within the budget`() throws {
        let schema = try JSONSchema(JSONValue(parsing: #"{"items":{"pattern":"^do_[0-9]{10,30}$"}}"#))
        let ids = (0..<2_000).map { JSONValue.string("do_21330747364877926\(10_000 + $0)") }
        #expect(try schema.firstFailure(of: .array(ids)) == nil)
    }

    @Test func `a value that takes too many looks is given up`() throws {
        let schema = try JSONSchema(.members(("items", .members(("anyOf", .array([.object([]), .object([])]))))))
        let value = JSONValue.array(Array(repeating: .null, count: 60_000))
        #expect { try schema.firstFailure(of: value) } throws: { ($0 as? ExhaustError)?.code == .limitExceeded }
    }
}
