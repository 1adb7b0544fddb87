import ReportAPI
import ReportModel
import Settings

extension AccessComposition {
    /// Throws `refused` or `invalidInput` for settings that leave open who may do what, or contradict each other.
    static func check(_ settings: Settings, _ listening: Listening, hasUserService: Bool) throws(ExhaustError) {
        let access = settings.access
        let signIn = settings.signIn
        let isConfigured =
            access.trustsConsumers || !access.tokenKeys.isEmpty || !signIn.issuer.isEmpty
            || !signIn.portalOrigins.isEmpty
        if access.isDemo {
            guard listening.isLoopback else {
                throw refused(
                    "access.demo", "everybody who can connect could do everything, and not only this machine can",
                    "Listen on 127.0.0.1, or turn it off and say who may do what.")
            }
            guard !isConfigured else {
                throw refused("access.demo", "other access settings would not count beside it", "Turn it off.")
            }
            return
        }
        guard isConfigured else {
            throw refused(
                "access", "nothing says who may do what",
                "Set access.token.keys, signIn.issuer, signIn.portalOrigins or access.consumers; `exhaust help settings` "
                    + "explains them, and access.demo is for trying things out on this machine.")
        }
        try checkTokens(access, hasUserService: hasUserService)
        try checkSignIn(settings)
        try checkGateway(access, listening)
        guard listening.proxies == 0 || !settings.http.address.isEmpty else {
            throw refused(
                "http.address", "behind a proxy (http.proxies) nobody else knows where people reach the service",
                "Set it to that address, such as https://reports.example.org.")
        }
    }

    private static func checkGateway(_ access: AccessSettings, _ listening: Listening) throws(ExhaustError) {
        guard access.trustsConsumers, access.gatewaySecret.isEmpty, !access.onlyGatewayConnects else { return }
        guard listening.isLoopback else {
            throw refused(
                "access.gatewaySecret", "it is empty, so that whoever can connect can say that he is any consumer",
                "Set it, and have the gateway send it as X-Gateway-Secret; or set access.onlyGatewayConnects if the "
                    + "network lets nobody else connect.")
        }
    }

    private static func checkTokens(_ access: AccessSettings, hasUserService: Bool) throws(ExhaustError) {
        if access.tokenKeys.contains("://"), !WebOrigin.isProtected(access.tokenKeys) {
            throw refused(
                "access.token.keys", "what comes over plain http could be anybody's keys", "Give an https address.")
        }
        guard access.tokenKeys.isEmpty || !access.issuers.isEmpty || !access.tokenKeys.contains("://") else {
            throw refused(
                "access.token.issuers", "it is empty, so that any token of these keys would count",
                "Name the issuer (`iss`) of the tokens.")
        }
        guard access.users == .token || hasUserService else {
            throw refused(
                "access.users", "no user service is configured", "Name its address, or take users from tokens.")
        }
        for role in access.roles + access.organisationRoles where role.uppercased() == "PUBLIC" {
            throw refused("access.roles", "everybody has the role \(role)", "Leave it out.")
        }
    }

    private static func checkSignIn(_ settings: Settings) throws(ExhaustError) {
        let signIn = settings.signIn
        guard signIn.issuer.isEmpty || signIn.portalOrigins.isEmpty else {
            throw refused(
                "signIn.portalOrigins", "people sign in at signIn.issuer already", "Keep one of the two.")
        }
        if !signIn.issuer.isEmpty {
            guard WebOrigin.isProtected(signIn.issuer) else {
                throw refused("signIn.issuer", "it is no https address", "Give an https address.")
            }
            guard WebOrigin.isProtected(settings.http.address) else {
                throw refused(
                    "http.address", "the provider sends people back to it, and it is no https address",
                    "Set it to where browsers reach the page, such as https://reports.example.org.")
            }
            guard signIn.scopes.contains("openid") else {
                throw refused("signIn.scopes", "`openid` is missing", "Add it.")
            }
        }
        guard signIn.portalOrigins.isEmpty || !settings.access.tokenKeys.isEmpty else {
            throw refused(
                "signIn.portalOrigins", "nothing checks the tokens that the portal posts", "Set access.token.keys.")
        }
        for origin in signIn.portalOrigins
        where !WebOrigin.isProtected(origin) || WebOrigin.origin(of: origin) != origin {
            throw refused(
                "signIn.portalOrigins", "\(origin) is no origin", "Write it like https://portal.example.org.")
        }
        guard signIn.portalOrigins.isEmpty || WebOrigin.isProtected(settings.http.address) else {
            throw refused(
                "http.address", "the portal sends people to it, and it is no https address",
                "Set it to where browsers reach the page, such as https://reports.example.org.")
        }
    }

    /// What is allowed and unwise.
    static func warnings(_ settings: Settings) -> [String] {
        var warnings: [String] = []
        if settings.access.trustsConsumers, settings.access.gatewaySecret.isEmpty {
            warnings.append(
                "setting access.consumers: whoever can connect can say that he is any consumer; set access.gatewaySecret, or "
                    + "see to it that only the gateway connects")
        }
        if !settings.access.tokenKeys.isEmpty, settings.access.issuers.isEmpty {
            warnings.append(
                "setting access.token.issuers: it is empty, so that a token of any issuer is accepted if one of the keys "
                    + "signed it")
        }
        if !settings.access.tokenKeys.isEmpty, settings.access.audiences.isEmpty {
            warnings.append(
                "setting access.token.audiences: it is empty, so that tokens made for other programs are accepted too")
        }
        return warnings
    }

    private static func refused(_ name: String, _ why: String, _ remedy: String) -> ExhaustError {
        ExhaustError(.refused, "setting \(name): \(why)", remedy: remedy, mender: .operator)
    }
}
