try await JobQueueBench.main(Array(CommandLine.arguments.dropFirst()))
