import Foundation
import Kernel
import Messages
import Testing
import Wire

@Suite("The catalogue of messages")
struct CatalogueTests {
    @Test("is in order of code, each code and each name once")
    func order() {
        let codes = Catalogue.all.map { $0.code }
        #expect(zip(codes, codes.dropFirst()).allSatisfy(<), "\(codes.map { String($0, radix: 16) })")
        #expect(Set(Catalogue.all.map { $0.title }).count == Catalogue.all.count)
    }

    @Test("finds every message by code and by name, and nothing else")
    func lookups() {
        for message in Catalogue.all {
            #expect(Catalogue.message(message.code) == message)
            #expect(Catalogue.message(named: message.title) == message)
        }
        #expect(Catalogue.message(0xffff) == nil)
        #expect(Catalogue.message(named: "Nothing") == nil)
    }

    @Test(
        "each list holds the messages of its home",
        arguments: [
            (UInt16(0), Catalogue.common), (1, Catalogue.auction), (2, Catalogue.wallet),
            (3, Catalogue.contactVault), (4, Catalogue.notifications), (5, Catalogue.dispute),
            (6, Catalogue.gateway),
        ] as [(UInt16, [any Message.Type])])
    func homes(home: UInt16, messages: [any Message.Type]) {
        for message in messages {
            #expect(message.code >> 8 == home, "\(message.title)")
            #expect(message.home == ServiceName(rawValue: UInt8(home)))
        }
    }

    @Test("the code's low byte tells the kind")
    func kinds() {
        for message in Catalogue.all {
            let low = message.code & 0xff
            let range: ClosedRange<UInt16> =
                switch message {
                case is any Command.Type, is any Query.Type, is Hello.Type: 0x00...0x3f
                case is any AnswerMessage.Type, is Applied.Type: 0x40...0x7f
                case is any PeerMessage.Type: 0x80...0xbf
                case is any InternalMessage.Type: 0xc0...0xff
                default: 1...0
                }
            #expect(range.contains(low), "\(message.title) 0x\(String(message.code, radix: 16))")
        }
    }

    @Test("the kind and the audience fit together")
    func audiences() {
        for message in Catalogue.all {
            let fits =
                switch message.audience {
                case .answer: message is any AnswerMessage.Type || message is Applied.Type
                case .itself: message is any InternalMessage.Type
                case .services(let services):
                    !services.isEmpty && !(message is any AnswerMessage.Type)
                        && !(message is any InternalMessage.Type)
                case .anyone, .parties, .operators:
                    message is any Command.Type || message is any Query.Type || message is Hello.Type
                }
            #expect(fits, "\(message.title): \(message.audience)")
        }
    }

    @Test("what answers a command or query is in the catalogue, among the answers")
    func answers() {
        func answer<C: Command>(of _: C.Type) -> any Message.Type { C.Answer.self }
        func answer<Q: Query>(to _: Q.Type) -> any Message.Type { Q.Answer.self }
        for message in Catalogue.all {
            let found: (any Message.Type)? =
                if let command = message as? any Command.Type {
                    answer(of: command)
                } else if let query =
                    message as? any Query.Type
                { answer(to: query) } else { nil }
            guard let found else { continue }
            #expect(found.audience == .answer, "\(message.title)")
            #expect(Catalogue.message(found.code) == found, "\(message.title)")
        }
    }

    @Test("every message that the sources declare is listed")
    func complete() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Shared/Messages").standardizedFileURL
        let declaration = #/struct (\w+):[^{]*\{\s+(?:public typealias [^\n]*\s+)?public static let code/#
        var declared: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path())
        where file.hasSuffix(".swift") {
            let source = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            let found = source.matches(of: declaration).map { String($0.1) }
            declared.formUnion(found)
            let codes = source.components(separatedBy: "\n    public static let code: UInt16").count - 1
            #expect(found.count == codes, "\(file)")
        }
        #expect(declared == Set(Catalogue.all.map { $0.title }))
        #expect(declared.count > 100)
    }

    @Test("whatever bears a secret is never compressed")
    func secrets() {
        for message in [
            SignIn.self, SignedIn.self, RefreshSignIn.self, RegisterParty.self, ChangePassword.self,
            Authenticate.self, LinkIssued.self, ConfirmEmail.self, ProspectObjects.self,
        ] as [any Message.Type] {
            #expect(Catalogue.neverCompressed.contains(message.code), "\(message.title)")
        }
        #expect(!Catalogue.neverCompressed.contains(PlaceBid.code))
    }

    @Test("passwords and tokens are marked secret, personal texts personal")
    func marks() {
        var collector = RecordCollector()
        for message in Catalogue.all { message.collectRecords(&collector) }
        for record in collector.records {
            for field in record.fields {
                let place = "\(record.name).\(field.name)"
                let name = field.name.lowercased()
                if name.contains("password") || name.contains("token") {
                    #expect(field.traits.mark == .secret, "\(place)")
                }
                #expect(
                    field.type.contains(PersonalText.wireName) == (field.traits.mark == .personal), "\(place)"
                )
            }
        }
    }
}
