internal import CCassandra
import ReportModel

/// Tells the driver what the options say.
struct ClusterConfiguration {
    let api: ccassandra_api
    let cluster: OpaquePointer

    func apply(_ options: CassandraOptions) throws(ExhaustError) {
        try checked(
            "contactPoints",
            text(options.contactPoints.joined(separator: ",")) {
                api.cluster_set_contact_points_n(cluster, $0, $1)
            })
        try checked("port", api.cluster_set_port(cluster, Int32(clamping: options.port)))
        if let centre = options.localDataCentre {
            try checked(
                "localDataCentre",
                text(centre) {
                    api.cluster_set_load_balance_dc_aware_n(cluster, $0, $1, 0, 0)
                })
        }
        api.cluster_set_token_aware_routing(cluster, 1)
        if let credentials = options.credentials {
            _ = text(credentials.user) { user, userCount in
                text(credentials.password) { password, passwordCount in
                    api.cluster_set_credentials_n(cluster, user, userCount, password, passwordCount)
                    return 0
                }
            }
        }
        api.cluster_set_connect_timeout(cluster, UInt32(clamping: Int(options.connectSeconds * 1_000)))
        api.cluster_set_request_timeout(cluster, UInt32(clamping: Int(options.requestSeconds * 1_000)))
        api.cluster_set_connection_heartbeat_interval(cluster, UInt32(clamping: options.heartbeatSeconds))
        api.cluster_set_connection_idle_timeout(cluster, UInt32(clamping: options.idleSeconds))
        api.cluster_set_constant_reconnect?(cluster, UInt64(options.reconnectSeconds * 1_000))
        try checked("threads", api.cluster_set_num_threads_io(cluster, UInt32(clamping: options.threads)))
        try checked(
            "connections",
            api.cluster_set_core_connections_per_host(cluster, UInt32(clamping: options.connectionsPerHost)))
        try checked("consistency", api.cluster_set_consistency(cluster, options.consistency.rawValue))
        if let tls = options.tls { try apply(tls) }
    }

    private func apply(_ tls: CassandraOptions.TLS) throws(ExhaustError) {
        guard let context = api.ssl_new() else { throw ExhaustError(.internalFault, "Cassandra: no TLS") }
        defer { api.ssl_free(context) }
        // The certificate must come from an authority (1) and be for the node's address (2); 0 lets anybody pose as it.
        api.ssl_set_verify_flags(context, tls.verifies ? 3 : 0)
        try checked("tls.authorities", text(tls.authorities) { api.ssl_add_trusted_cert_n(context, $0, $1) })
        if let client = tls.client {
            try checked("tls.certificate", text(client.certificate) { api.ssl_set_cert_n(context, $0, $1) })
            try checked("tls.key", text(client.key) { api.ssl_set_private_key_n(context, $0, $1, "", 0) })
        }
        api.cluster_set_ssl(cluster, context)
    }

    private func checked(_ name: String, _ code: Int32) throws(ExhaustError) {
        guard code == 0 else {
            throw ExhaustError(
                .invalidInput, "setting cassandra.\(name): the driver does not take it",
                remedy: "Correct the setting.", mender: .operator)
        }
    }

    private func text(_ text: String, _ body: (UnsafePointer<CChar>?, Int) -> Int32) -> Int32 {
        self.text(Array(text.utf8), body)
    }

    private func text(_ text: [UInt8], _ body: (UnsafePointer<CChar>?, Int) -> Int32) -> Int32 {
        text.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { body($0.baseAddress, $0.count) }
        }
    }
}
