import Kernel

/// How long the e-mails that replace each other rest after one was sent.
///
/// Whoever is outbid is told at once (A10); in a bidding war the inbox and the live push tell of every step, and
/// e-mail of the newest one each half minute.
package enum EmailPause {
    package static let span = Duration64.seconds(30)
}
