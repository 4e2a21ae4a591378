import ArgumentParser
import Glibc
import Host

/// A text that the command line names.
enum InputFile {
    /// Reads it whole; what cannot be read is wrong usage, and its name and the cause are said.
    static func text(_ path: String) throws -> String {
        do {
            guard let text = String(validating: try readBytes(path), as: UTF8.self) else {
                throw ValidationError("expected a text in UTF-8, found other bytes in '\(path)'")
            }
            return text
        } catch let fault as FileFault {
            throw ValidationError(
                "expected a file that can be read, found '\(path)': \(String(cString: strerror(fault.code)))")
        }
    }
}
