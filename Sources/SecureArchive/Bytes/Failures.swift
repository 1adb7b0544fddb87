internal import ReportModel

/// The file is not what it must be, whoever's fault it is.
func damaged(_ what: String, _ why: String) -> ExhaustError {
    ExhaustError(.dataDamaged, "\(what): \(why)", remedy: "Get the file again from where it was published.")
}

/// Something of this file that its reader does not know.
func unsupported(_ what: String, _ why: String) -> ExhaustError {
    ExhaustError(.invalidInput, "\(what): \(why)", remedy: "Open it with the program that made it.")
}

/// A named limit was passed.
func overLimit(_ what: String, _ why: String, remedy: String = "Raise the limit if the file is trusted.")
    -> ExhaustError
{
    ExhaustError(.limitExceeded, "\(what): \(why)", remedy: remedy)
}

/// Calls of this module that contradict each other; a fault of the program, not of its input.
func misuse(_ what: String, _ why: String) -> ExhaustError { ExhaustError(.internalFault, "\(what): \(why)") }
