import ApusFormats
import ApusValues
import ApusVectors
import Glibc
import Testing

/// Files that are cut short or changed give an error or the right rows; never a crash.
///
/// Format errors are the only ones that may come, and memory is bounded by what files can hold.
@Suite struct HostilityTests {
  static let isLong = getenv("APUS_LONG_TESTS").map { String(cString: $0) == "1" } ?? false

  @Test func everyPrefixIsAnError() throws {
    let bytes = try GoldenFile.bytes(of: "hostile.parquet")
    #expect(bytes.count > 15_000)
    for count in 0..<bytes.count {
      let prefix = Array(bytes[..<count])
      do {
        _ = try readParquet(prefix)
        Issue.record("the first \(count) bytes were read as a file")
      } catch is FormatError {
        continue
      }
    }
  }

  /// A changed footer may tell another story without contradicting itself: other names or types,
  /// or columns that cannot be NULL. Where it tells the same one, the rows are the same.
  @Test func everyChangedFooterByteIsAnErrorOrTheRightRows() throws {
    let bytes = try GoldenFile.bytes(of: "hostile.parquet")
    let expected = try #require(try attempt(bytes))
    let start = bytes.count - 8 - footerLength(bytes)
    var sound = 0
    for offset in start..<bytes.count {
      for change in changes(of: bytes[offset]) {
        var copy = bytes
        copy[offset] = change
        guard let read = try attempt(copy), read.fields == expected.fields else { continue }
        sound += 1
        // Nothing else in a file says which of optional and required is right: field 3, an i32.
        let isRepetition = bytes[offset - 1] == 0x25
        if !isRepetition, !read.holdsSameRows(as: expected) {
          Issue.record("byte \(offset - start) of the footer as \(change) changed rows silently")
        }
      }
    }
    // Statistics, sizes and the like change without consequence.
    #expect(sound > 1000)
  }

  @Test func changedBytesAnywhereDoNotCrash() throws {
    var generator = SplitMix(seed: 11)
    let some = [
      "hostile.parquet", "runs.parquet", "delta_byte_array.parquet", "nulls_v2_plain.parquet",
      "codec_gzip.parquet",
    ]
    let names = HostilityTests.isLong ? GoldenFile.all.map(\.file) : some
    for name in names {
      let bytes = try GoldenFile.bytes(of: name)
      for _ in 0..<(HostilityTests.isLong ? 1000 : 60) {
        var copy = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          let offset = Int.random(in: 0..<copy.count, using: &generator)
          copy[offset] = UInt8.random(in: .min ... .max, using: &generator)
        }
        _ = try attempt(copy)
        try attemptSome(copy, using: &generator)
      }
    }
  }

  @Test func everyChangedByteOfDataDoesNotCrash() throws {
    var generator = SplitMix(seed: 12)
    // Uncompressed pages reach the decoders with every change; each encoding has a file.
    let names = [
      "nulls_v1_dictionary", "delta_binary_packed_v1", "delta_byte_array", "rle_boolean",
      "delta_length_byte_array", "int96_plain",
    ]
    for name in names {
      let bytes = try GoldenFile.bytes(of: name + ".parquet")
      let step = HostilityTests.isLong ? 1 : 211
      for offset in stride(from: 4, to: bytes.count - footerLength(bytes) - 8, by: step) {
        for change in [0x00, 0xff, bytes[offset] ^ 0x80, bytes[offset] &+ 1] {
          var copy = bytes
          copy[offset] = change
          _ = try attempt(copy)
          try attemptSome(copy, using: &generator)
        }
      }
    }
  }

  /// What a file gave: the vectors of each row group.
  private struct Attempt {
    var fields: [Field]
    var rowGroups: [[ColumnVector]]

    func holdsSameRows(as other: Attempt) -> Bool {
      rowGroups.count == other.rowGroups.count
        && zip(rowGroups, other.rowGroups).allSatisfy { mine, others in
          mine.count == others.count && zip(mine, others).allSatisfy { areEqual($0, $1) }
        }
    }

    private func areEqual(_ left: ColumnVector, _ right: ColumnVector) -> Bool {
      guard left.count == right.count, left.type == right.type else { return false }
      let left = left.flattened()
      let right = right.flattened()
      let stride = left.type.physicalType.stride
      return (0..<left.count).allSatisfy { row in
        guard left.isNull(row) == right.isNull(row) else { return false }
        if left.isNull(row) { return true }
        if left.type.physicalType == .string {
          return left.values(as: StringView.self)[row] == right.values(as: StringView.self)[row]
        }
        let a = left.storage.values.base + (left.offset + row) * stride
        let b = right.storage.values.base + (right.offset + row) * stride
        return memcmp(a, b, stride) == 0
      }
    }
  }

  /// Reads what can be read, as a statement would; nil for a format error.
  private func attempt(_ bytes: [UInt8]) throws -> Attempt? {
    do {
      let file = try openParquet(bytes)
      for column in file.fields.indices { _ = file.statistics(column: column) }
      let columns = file.fields.indices.filter { file.obstacle(column: $0) == nil }
      var rowGroups: [[ColumnVector]] = []
      for rowGroup in 0..<file.rowGroupCount {
        let reader = try openRowGroup(bytes, file, rowGroup, columns)
        // Runs of NULLs may claim any number of rows in a few bytes; a query would stream them.
        while reader.rowCount - reader.remaining < 20_000, let (vectors, _) = try reader.next(2048)
        {
          rowGroups.append(vectors)
        }
      }
      return Attempt(fields: file.fields, rowGroups: rowGroups)
    } catch is FormatError {
      return nil
    }
  }

  /// Reads a few rows here and there, so that most are stepped over.
  private func attemptSome(_ bytes: [UInt8], using generator: inout SplitMix) throws {
    do {
      let file = try openParquet(bytes)
      let columns = file.fields.indices.filter { file.obstacle(column: $0) == nil }
      for rowGroup in 0..<file.rowGroupCount {
        for column in columns {
          let reader = try openRowGroup(bytes, file, rowGroup, [column])
          while reader.rowCount - reader.remaining < 20_000,
            let count = reader.begin(Int.random(in: 1...300, using: &generator))
          {
            if Bool.random(using: &generator) { continue }
            let row = Int32.random(in: 0..<Int32(count), using: &generator)
            let selection = Selection(rowCount: count, indices: [row])
            _ = try reader.column(0, rows: RowStretches(selection))
          }
        }
      }
    } catch is FormatError {
      return
    }
  }

  private func changes(of byte: UInt8) -> [UInt8] {
    var changes: [UInt8] = (0..<8).map { byte ^ (1 << $0) }
    changes += [0x00, 0xff]
    return changes.filter { $0 != byte }
  }

  private func footerLength(_ bytes: [UInt8]) -> Int {
    let end = bytes.count - 8
    return Int(bytes[end]) | Int(bytes[end + 1]) << 8 | Int(bytes[end + 2]) << 16
  }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
