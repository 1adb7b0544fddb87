import ReportModel

/// `exhaust doctor`
enum DoctorCommand {
    static let command = Command(
        "doctor", summary: "Checks folder, settings, libraries and requests, and says what to mend.",
        details: "Ends with status 1 if anything is broken.", parameters: [SharedParameters.json]
    ) { arguments, console in
        let found = await Doctor(composition: try Composition(arguments, console)).examine()
        if arguments.has(SharedParameters.json) {
            let list = found.map { diagnosis in
                JSONValue.members(
                    ("subject", .string(diagnosis.subject)), ("state", .string(diagnosis.state.rawValue)),
                    ("text", .string(diagnosis.text)), ("remedy", .string(diagnosis.remedy)))
            }
            try console.print(JSONValue.members(("diagnoses", .array(list))).compactText + "\n")
        } else {
            for diagnosis in found {
                try console.print("\(diagnosis.state.rawValue)  \(diagnosis.subject): \(diagnosis.text)\n")
                if !diagnosis.remedy.isEmpty { try console.print("      \(diagnosis.remedy)\n") }
            }
        }
        return found.contains { $0.state == .broken } ? .failure : .success
    }
}
