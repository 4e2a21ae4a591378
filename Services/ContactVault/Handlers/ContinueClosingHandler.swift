import Kernel
import Messages
import Runtime

enum ContinueClosingHandler {
    static func handle(_ timer: ContinueClosing, _ turn: Turn) throws {
        try ContactErasure.eraseFree(of: timer.party, turn)
        try CallerErasure.eraseAll(of: timer.party, turn)
    }
}
