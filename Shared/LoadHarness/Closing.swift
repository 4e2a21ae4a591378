/// What `body` makes; if it throws, what it opened on the way is closed first.
func whole<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R,
    orClose close: () async -> Void
) async throws -> R {
    do {
        return try await body()
    } catch {
        await close()
        throw error
    }
}

/// What `body` comes to, with everything closed after it, whether or not it throws.
public func closing<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R,
    finally close: () async -> Void
) async throws -> R {
    let result = try await whole(body, orClose: close)
    await close()
    return result
}
