import Glibc
import Synchronization

/// When a region's clocks were set to which offset from UTC: a file of the IANA database (TZif, RFC
/// 9636).
public final class TimeZoneRules: Sendable {
  /// A stretch of time with one offset.
  public struct Stretch: Sendable {
    /// Seconds since 1970 UTC; the end is not part of it.
    public var range: Range<Int64>
    public var offsetSeconds: Int64

    public init(_ range: Range<Int64>, offsetSeconds: Int64) {
      self.range = range
      self.offsetSeconds = offsetSeconds
    }
  }

  /// Seconds since 1970 UTC at which the offset changes, ascending.
  private let transitions: [Int64]
  /// The offset before the first transition, then the one from each on.
  private let offsets: [Int64]
  /// What the time is called beside each offset: `CEST`.
  private let abbreviations: [String]
  /// What holds after the last transition.
  private let future: RecurringTimeZone?

  private static let loaded = Mutex<[Int: TimeZoneRules]>([:])

  /// The rules of the region at a position among the names; nil if its file cannot be read.
  static func region(_ position: Int) -> TimeZoneRules? {
    loaded.withLock { loaded in
      if let rules = loaded[position] { return rules }
      guard TimeZoneNames.all.indices.contains(position),
        let bytes = contents(TimeZoneNames.directory + "/" + TimeZoneNames.all[position]),
        let rules = TimeZoneRules(bytes)
      else { return nil }
      loaded[position] = rules
      return rules
    }
  }

  private static func contents(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { break }
      bytes += block[..<count]
      // No zone has as many changes; what has is none.
      if bytes.count > 1 << 20 { return nil }
    }
    return bytes
  }

  /// Reads the second block of a file, the one with 64 bits for a time.
  init?(_ bytes: [UInt8]) {
    guard let first = Header(bytes, at: 0), first.version >= UInt8(ascii: "2"),
      let header = Header(bytes, at: Header.size + first.byteCount(timeSize: 4))
    else { return nil }
    let start = Header.size + first.byteCount(timeSize: 4) + Header.size
    let end = start + header.byteCount(timeSize: 8)
    guard end <= bytes.count, header.types > 0 else { return nil }
    let types = start + header.times * 9
    let names = bytes[(types + header.types * 6)..<end].prefix(header.characters)
    var typeOffsets: [Int64] = []
    var typeNames: [String] = []
    for type in 0..<header.types {
      let place = types + type * 6
      typeOffsets.append(Int64(Header.integer(bytes, at: place, size: 4)))
      let name = names.dropFirst(Int(bytes[place + 5])).prefix { $0 != 0 }
      typeNames.append(String(decoding: name, as: UTF8.self))
    }
    var transitions: [Int64] = []
    var offsets = [typeOffsets[0]]
    var abbreviations = [typeNames[0]]
    for index in 0..<header.times {
      let time = Header.integer(bytes, at: start + index * 8, size: 8)
      let type = Int(bytes[start + header.times * 8 + index])
      guard typeOffsets.indices.contains(type), transitions.last.map({ $0 < time }) ?? true else {
        return nil
      }
      transitions.append(time)
      offsets.append(typeOffsets[type])
      abbreviations.append(typeNames[type])
    }
    self.transitions = transitions
    self.offsets = offsets
    self.abbreviations = abbreviations
    let footer = bytes[end...].dropFirst().prefix { $0 != UInt8(ascii: "\n") }
    future = RecurringTimeZone(String(decoding: footer, as: UTF8.self))
  }

  /// The counts at the beginning of a block.
  private struct Header {
    static let size = 44

    var version: UInt8
    var times: Int
    var types: Int
    var characters: Int
    private var leapSeconds: Int
    private var standards: Int
    private var universals: Int

    init?(_ bytes: [UInt8], at start: Int) {
      guard start + Header.size <= bytes.count, bytes[start..<start + 4].elementsEqual("TZif".utf8)
      else { return nil }
      version = bytes[start + 4]
      let counts = (0..<6).map { Int(Header.integer(bytes, at: start + 20 + $0 * 4, size: 4)) }
      guard counts.allSatisfy({ (0...65_536).contains($0) }) else { return nil }
      universals = counts[0]
      standards = counts[1]
      leapSeconds = counts[2]
      times = counts[3]
      types = counts[4]
      characters = counts[5]
    }

    /// The size of what follows the header.
    func byteCount(timeSize: Int) -> Int {
      times * (timeSize + 1) + types * 6 + characters + leapSeconds * (timeSize + 4) + standards
        + universals
    }

    /// A signed integer of four or eight bytes, the highest first.
    static func integer(_ bytes: [UInt8], at start: Int, size: Int) -> Int64 {
      var value: UInt64 = 0
      for byte in bytes[start..<start + size] { value = value << 8 | UInt64(byte) }
      return size == 4
        ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }
  }

  /// What clocks call the time at a point: `CEST`.
  ///
  /// - Parameter seconds: since 1970 UTC.
  public func abbreviation(at seconds: Int64) -> String {
    let index = position(of: seconds)
    if index == transitions.count, let future { return future.abbreviation(at: seconds) }
    return abbreviations[index]
  }

  /// The number of transitions up to a point.
  private func position(of seconds: Int64) -> Int {
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The stretch of time around a point with the offset that holds in it.
  ///
  /// - Parameter seconds: since 1970 UTC.
  public func stretch(at seconds: Int64) -> Stretch {
    let low = position(of: seconds)
    let start = low > 0 ? transitions[low - 1] : Int64.min
    if low == transitions.count, let future { return future.stretch(at: seconds, notBefore: start) }
    let end = low < transitions.count ? transitions[low] : Int64.max
    return Stretch(start..<end, offsetSeconds: offsets[low])
  }
}
