import Glibc

/// Runs another program to its end, without a thread that waits for it in Swift's pool.
enum BackgroundProgram {
    /// Answers its status; -1 if it could not be started.
    static func run(_ program: String, _ arguments: [String]) async -> Int32 {
        await withCheckedContinuation { continuation in
            let words = ([program] + arguments).map { strdup($0) } + [nil]
            defer { for word in words { free(word) } }
            // Threads of Swift's pool block signals, and the child would too: it could not be ended.
            var attributes = posix_spawnattr_t()
            posix_spawnattr_init(&attributes)
            defer { posix_spawnattr_destroy(&attributes) }
            var none = sigset_t()
            sigemptyset(&none)
            posix_spawnattr_setsigmask(&attributes, &none)
            posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
            var process = pid_t()
            guard posix_spawnp(&process, program, nil, &attributes, words, environ) == 0 else {
                return continuation.resume(returning: -1)
            }
            let child = process
            var thread = pthread_t()
            let waiting = Unmanaged.passRetained(Waiting(child, continuation)).toOpaque()
            pthread_create(
                &thread, nil,
                { data in
                    if let data { Unmanaged<Waiting>.fromOpaque(data).takeRetainedValue().end() }
                    return nil
                }, waiting)
            pthread_detach(thread)
        }
    }

    private final class Waiting: Sendable {
        private let process: pid_t
        private let continuation: CheckedContinuation<Int32, Never>

        init(_ process: pid_t, _ continuation: CheckedContinuation<Int32, Never>) {
            self.process = process
            self.continuation = continuation
        }

        func end() {
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            continuation.resume(returning: status)
        }
    }
}
