import Kernel
import Messages
import Runtime

enum ContinueObjectionHandler {
    static func handle(_ timer: ContinueObjection, _ turn: Turn) throws {
        try ContactErasure.eraseSamePerson(timer.contact, turn)
    }
}
