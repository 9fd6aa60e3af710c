import ApusFormats
import ApusValues
import ApusVectors
import Testing

/// Every golden file gives its rows.
@Suite struct GoldenFileTests {
  @Test func thereAreGoldenFiles() { #expect(GoldenFile.all.count > 30) }

  @Test(arguments: GoldenFile.all.map(\.file))
  func givesItsRows(_ name: String) throws {
    let entry = try #require(GoldenFile.all.first { $0.file == name })
    let expected = ExpectedRows(try GoldenFile.text(of: entry.rows))
    let bytes = try GoldenFile.bytes(of: name)
    let file = try openParquet(bytes)
    let columns = file.fields.indices.filter { file.obstacle(column: $0) == nil }
    // Odd steps cross pages and row groups in all ways.
    for step in [1_000_000, 7, 61] {
      let read = try readParquet(bytes, columns: columns, step: step)
      #expect(read.fields.map(\.name) == expected.names)
      #expect(read.fields.map(\.type.description) == expected.types)
      #expect(read.rows.count == expected.rows.count)
      for (index, (row, expectedRow)) in zip(read.rows, expected.rows).enumerated() {
        for (column, cell) in row.enumerated()
        where !isSame(cell, expectedRow[column], type: expected.types[column]) {
          Issue.record(
            "\(name) row \(index) \(expected.names[column]): \(cell ?? "NULL"), not \(expectedRow[column] ?? "NULL")"
          )
          return
        }
      }
    }
  }

  @Test func columnsCanBeReadAloneAndInAnyOrder() throws {
    let bytes = try GoldenFile.bytes(of: "codec_snappy.parquet")
    let all = try readParquet(bytes)
    let some = try readParquet(bytes, columns: [24, 3, 3, 0])
    #expect(some.rows == all.rows.map { [$0[24], $0[3], $0[3], $0[0]] })
    #expect(try readParquet(bytes, columns: []).rows.count == all.rows.count)
  }

  @Test func textStaysIndicesWhereThePagesHaveADictionary() throws {
    let bytes = try GoldenFile.bytes(of: "nulls_v1_dictionary.parquet")
    let file = try openParquet(bytes)
    let column = try #require(file.fields.firstIndex { $0.name == "text" })
    let vector = try firstVector(bytes, column: column)
    #expect(vector.encoding == .dictionary)
    #expect(vector.dictionary.count <= 15)
    #expect(vector.mayHaveNulls)
  }

  @Test func nestedColumnsAreNamedWhenAskedFor() throws {
    let bytes = try GoldenFile.bytes(of: "nested.parquet")
    let file = try openParquet(bytes)
    #expect(file.fields.map(\.name) == ["id", "tags", "point", "name", "pairs"])
    #expect(file.obstacle(column: 0) == nil)
    #expect(file.obstacle(column: 1) != nil)
    let error = #expect(throws: FormatError.self) { try readParquet(bytes, columns: [1]) }
    #expect(error?.reason == .notSupported)
    #expect(error?.column == "tags")
  }

  @Test func intervalsAreNotSupported() throws {
    let bytes = try GoldenFile.bytes(of: "interval.parquet")
    let error = #expect(throws: FormatError.self) { try readParquet(bytes, columns: [1]) }
    #expect(error?.reason == .notSupported)
    #expect(error?.column == "span")
    #expect(try readParquet(bytes, columns: [0]).rows == [["0"], ["1"], ["2"]])
  }

  @Test func checksumsAreVerifiedWhenAskedFor() throws {
    let bytes = try GoldenFile.bytes(of: "with_checksums.parquet")
    let sound = try readParquet(bytes).rows
    var caught = 0
    for offset in stride(from: 4, to: 8000, by: 97) {
      var damaged = bytes
      damaged[offset] ^= 1
      // A header that is damaged may be read past, a body may not.
      guard let rows = try? readParquet(damaged, verifiesChecksums: true).rows else { continue }
      #expect(rows == sound, "byte \(offset)")
      if (try? readParquet(damaged, verifiesChecksums: false).rows) != sound { caught += 1 }
    }
    #expect(caught == 0)
    var damaged = bytes
    let unverified = (4..<400).contains { offset in
      damaged = bytes
      damaged[offset] ^= 1
      guard let rows = try? readParquet(damaged, verifiesChecksums: false).rows else {
        return false
      }
      return rows != sound
    }
    #expect(unverified, "without verifying, some change goes unnoticed")
    #expect(throws: FormatError.self) { try readParquet(damaged, verifiesChecksums: true) }
  }
}

func firstVector(_ bytes: [UInt8], column: Int) throws -> ColumnVector {
  let file = try openParquet(bytes)
  let reader = try openRowGroup(bytes, file, 0, [column])
  guard let (vectors, _) = try reader.next(1000) else { throw TestFailure("no rows") }
  return vectors[0]
}
