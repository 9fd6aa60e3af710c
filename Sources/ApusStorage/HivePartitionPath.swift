// Hive keeps a partition column in the names of directories: `year=2013/month=1/part-0.parquet`.
// What is special in a name is percent-encoded.

/// The names of directories that stand for partition values.
public enum HivePartitionPath {
  /// The name in place of a value that is NULL, or an empty text.
  public static let null = "__HIVE_DEFAULT_PARTITION__"

  /// Returns a key or value as a directory's name has it; nil is NULL.
  public static func encoded(_ text: String?) -> String {
    guard let text, !text.isEmpty else { return null }
    var output: [UInt8] = []
    for byte in text.utf8 {
      if isSpecial(byte) {
        let digits = Array("0123456789ABCDEF".utf8)
        output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      } else {
        output.append(byte)
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Returns the directories of a partition: `year=2013/month=1`.
  public static func directory(keys: [String], values: [String?]) -> String {
    zip(keys, values).map { encoded($0) + "=" + encoded($1) }.joined(separator: "/")
  }

  /// Reads the `key=value` directories of a path, keys in lower case, the object's name left out.
  public static func assignments(of path: ObjectPath) -> [(key: String, value: String?)] {
    path.text.split(separator: "/").dropLast().compactMap { assignment(in: $0) }
  }

  /// Reads a directory's name; nil if it is none of a partition.
  public static func assignment(in name: some StringProtocol) -> (key: String, value: String?)? {
    guard let equals = name.firstIndex(of: "="), equals > name.startIndex else { return nil }
    let value = decoded(name[name.index(after: equals)...])
    return (decoded(name[..<equals]).lowercased(), value == null ? nil : value)
  }

  /// Replaces `%3A` and its like by the bytes they stand for; what is no such thing stays.
  public static func decoded(_ text: some StringProtocol) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    let bytes = Array(text.utf8)
    var output: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = hexadecimalValue(bytes[index + 1]), let low = hexadecimalValue(bytes[index + 2])
      {
        output.append(high << 4 | low)
        index += 3
      } else {
        output.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// The bytes that Hive encodes: control characters and what means something in paths.
  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7f || "\"#%'*/:=?\\{[]^".utf8.contains(byte)
  }

  private static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
