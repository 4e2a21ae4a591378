import Foundation

/// Looks for a text in every file of a folder: as it is, in base64 at each of its three alignments, and in
/// quoted-printable, where soft line breaks may cut it.
struct FileScan {
    struct Finding: Sendable {
        let file: String
        let form: String
    }

    let needles: [(form: String, bytes: Data)]

    init(_ marker: String) {
        var needles: [(String, Data)] = [("plain", Data(marker.utf8))]
        for shift in 0..<3 {
            let padded = Data(repeating: 0, count: shift) + Data(marker.utf8)
            // Letters that neighbours share are left out at both ends.
            let letters = padded.base64EncodedString().drop { $0 == "A" }.dropFirst(2).dropLast(4)
            needles.append(("base64, shifted by \(shift)", Data(letters.utf8)))
        }
        self.needles = needles
    }

    /// What `data` holds of the marker, by the name of its form.
    func forms(in data: Data) -> [String] {
        var found = needles.filter { data.range(of: $0.bytes) != nil }.map(\.form)
        if let marker = needles.first?.bytes, !found.contains("plain"),
            FileScan.withoutSoftBreaks(data).range(of: marker) != nil
        {
            found.append("quoted-printable")
        }
        return found
    }

    private static func withoutSoftBreaks(_ data: Data) -> Data {
        guard data.range(of: Data("=\r\n".utf8)) != nil || data.range(of: Data("=\n".utf8)) != nil else {
            return data
        }
        var joined = Data()
        var index = data.startIndex
        while index < data.endIndex {
            if data[index] == UInt8(ascii: "=") {
                let rest = data[index...].prefix(3)
                if rest.elementsEqual(Data("=\r\n".utf8)) {
                    index += 3
                    continue
                }
                if rest.prefix(2).elementsEqual(Data("=\n".utf8)) {
                    index += 2
                    continue
                }
            }
            joined.append(data[index])
            index += 1
        }
        return joined
    }

    /// Every file below `folder`, its path relative to it, with what was found in it.
    func run(_ folder: String) throws -> (files: Int, findings: [Finding]) {
        var findings: [Finding] = []
        var files = 0
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
            let full = "\(folder)/\(path)"
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder), !isFolder.boolValue
            else {
                continue
            }
            files += 1
            let data = try Data(contentsOf: URL(fileURLWithPath: full), options: .mappedIfSafe)
            findings += forms(in: data).map { Finding(file: path, form: $0) }
        }
        return (files, findings)
    }
}
