/// Shapes of our own operations about requests.
enum RequestSchemas {
    static let all: [(name: String, schema: Schema)] = []
}
