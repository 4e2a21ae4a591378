import Kernel
import Messages

/// Reads what is said in a conversation before it is sealed, since the writer sees it sealed.
enum ChatEdge {
    static func search(_ text: PersonalText) -> TextHolds {
        switch ContactData.found(in: text.plaintext ?? "") {
        case nil: .nothing
        case .email: .email
        case .link: .link
        case .phone: .phone
        case .handle: .handle
        }
    }
}

extension TextHolds {
    /// The refusal of what a member or a prospect says while the contact is sealed; nil: it may be said (A5, B1).
    func refusal(in conversation: Conversation) -> Refusal? {
        guard self != .nothing, conversation.isContactSealed, !Planted.isOn(.contactDataInChat) else {
            return nil
        }
        return Refusal(
            .contactDataInText, expected: "no contact data before the contact is revealed", found: title)
    }

    /// What was found, without what it says.
    private var title: String {
        switch self {
        case .nothing: "nothing"
        case .email: ContactData.email.title
        case .link: ContactData.link.title
        case .phone: ContactData.phone.title
        case .handle: ContactData.handle.title
        }
    }
}
