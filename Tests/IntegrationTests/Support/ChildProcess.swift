import CLinux
import Glibc

/// The program that is tested, and others that look at its files.
enum ChildProcess {
    /// Starts a program in `folder`, with signals as after a log-in. `input` is a file for its standard input.
    static func spawn(
        _ path: String, _ arguments: [String], environment: [String: String], folder: String, input: String,
        output: Int32, errors: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        // Sockets of other tests would stay open for as long as the program runs.
        clinux_spawn_without(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var process = pid_t()
        // Spawning by itself cannot change the folder; `env` does, and becomes the program.
        let failure = withStrings(["env", "-C", folder, path] + arguments) { words in
            withStrings(environment.map { "\($0.key)=\($0.value)" }) { variables in
                posix_spawnp(&process, "env", &actions, &attributes, words, variables)
            }
        }
        guard failure == 0 else {
            throw TestFailure("\(path): it cannot be started: \(String(cString: strerror(failure)))")
        }
        return process
    }

    private static func withStrings<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }

    /// A pipe that no other program inherits.
    static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard clinux_pipe(&ends) == 0 else {
            throw TestFailure("no pipe: \(String(cString: strerror(errno)))")
        }
        return (ends[0], ends[1])
    }
}

/// What a test could not do, as against what it found.
struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
