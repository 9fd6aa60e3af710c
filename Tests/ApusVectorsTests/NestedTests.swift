import ApusValues
import ApusVectors
import Testing

/// Nested values as bytes: what goes in comes out, and both ways to encode agree.
struct NestedTests {
  private static let samples: [(type: SQLType, values: [Value])] = [
    (.array(.integer), [.array([]), .array([.integer(1), .null, .integer(-3)]), .null]),
    (
      .array(.boolean),
      [.array([.boolean(true)]), .array([.null]), .array([.boolean(false), .null])]
    ),
    (
      .array(.text),
      [
        .array([.text("")]),
        .array([.text("a"), .null, .text("a text of more than twelve bytes")]),
      ]
    ),
    (
      .array(.decimal(precision: 30, scale: 2)),
      [.array([.wide(Int128.max), .null, .wide(-1)]), .array([])]
    ),
    (.array(.array(.bigint)), [.array([.array([.integer(7)]), .null, .array([])])]),
    (
      .row([RowField("a", .smallint), RowField(nil, .text), RowField("c", .array(.double))]),
      [
        .row([.integer(1), .text("x"), .array([.double(0.5)])]), .row([.null, .null, .null]), .null,
        .row([.integer(2), .text("another text that is long"), .array([])]),
      ]
    ),
    (
      .map(key: .text, value: .row([RowField("n", .date)])),
      [
        .map([]), .null,
        .map([Value.MapEntry(.text("k"), .row([.integer(3)])), Value.MapEntry(.text("l"), .null)]),
      ]
    ),
  ]

  private func vector(_ values: [Value], _ type: SQLType) -> ColumnVector {
    let builder = VectorBuilder(type: type, capacity: values.count)
    for (row, value) in values.enumerated() { builder.set(row, value) }
    return builder.finish(count: values.count)
  }

  private func values(_ vector: ColumnVector) -> [Value] {
    (0..<vector.count).map { vector.value($0) }
  }

  private func bytes(_ vector: ColumnVector) -> [[UInt8]] {
    let flat = vector.flattened()
    return withExtendedLifetime(flat) {
      (0..<flat.count).map { Array(StringView.bytes(at: flat.values(as: StringView.self) + $0)) }
    }
  }

  @Test
  func valuesComeBack() {
    for (type, values) in NestedTests.samples {
      #expect(self.values(vector(values, type)) == values)
    }
  }

  @Test
  func arraysAreTakenApartAndPutTogether() {
    for (type, values) in NestedTests.samples {
      guard case .array(let element) = type else { continue }
      let column = vector(values, type)
      let parts = column.arrayElements(element, rows: .all(column.count))
      let flat = values.flatMap { value -> [Value] in
        if case .array(let elements) = value { elements } else { [] }
      }
      #expect(self.values(parts.elements) == flat)
      let validity: [UInt8] = values.map { $0.isNull ? 0 : 1 }
      let again = ColumnVector.arrays(parts, type: type, validity: validity)
      #expect(self.values(again) == values)
      #expect(bytes(again) == bytes(column))
    }
  }

  @Test
  func elementsOfUnselectedRowsAreLeftOut() {
    let column = vector(
      [.array([.integer(1)]), .array([.integer(2), .integer(3)])],
      .array(.bigint)
    )
    let parts = column.arrayElements(.bigint, rows: Selection(rowCount: 2, indices: [1]))
    #expect(parts.ends == [0, 2])
    #expect(values(parts.elements) == [.integer(2), .integer(3)])
    #expect(parts.rows == [1, 1])
  }

  @Test
  func rowsAreTakenApartAndPutTogether() {
    for (type, values) in NestedTests.samples {
      guard case .row(let fields) = type else { continue }
      let column = vector(values, type)
      let columns = fields.enumerated().map {
        column.rowField($0, $1.type, of: fields.count)
      }
      for (row, value) in values.enumerated() {
        let expected: [Value] =
          if case .row(let parts) = value { parts } else { fields.map { _ in .null } }
        #expect(columns.map { $0.value(row) } == expected)
      }
      let validity: [UInt8] = values.map { $0.isNull ? 0 : 1 }
      let again = ColumnVector.rows(columns, type: type, count: values.count, validity: validity)
      #expect(self.values(again) == values)
      #expect(bytes(again) == bytes(column))
    }
  }

  @Test
  func mapsAreTakenApartAndPutTogether() {
    for (type, values) in NestedTests.samples {
      guard case .map(let key, let value) = type else { continue }
      let column = vector(values, type)
      let again = ColumnVector.maps(
        keys: column.mapKeys(key),
        values: column.mapValues(value),
        type: type
      )
      #expect(self.values(again) == values)
      #expect(bytes(again) == bytes(column))
    }
  }

  @Test
  func dictionariesAndConstantsStayWhatTheyAre() {
    let type = SQLType.row([RowField("a", .bigint), RowField("b", .text)])
    let constant = ColumnVector.constant(.row([.integer(5), .text("t")]), type: type, count: 3)
    let field = constant.rowField(1, .text, of: 2)
    #expect(field.encoding == .constant)
    #expect(values(field) == [.text("t"), .text("t"), .text("t")])
    let entries = vector([.row([.integer(1), .null]), .row([.integer(2), .text("z")])], type)
    let buffer = VectorBuffer(byteCount: 12)
    let indices = buffer.base.assumingMemoryBound(to: Int32.self)
    for (row, index) in [1, 0, 1].enumerated() { indices[row] = Int32(index) }
    let column = ColumnVector(
      type: type,
      count: 3,
      encoding: .dictionary,
      storage: entries.storage,
      indexBuffer: buffer
    )
    #expect(values(column.rowField(0, .bigint, of: 2)) == [.integer(2), .integer(1), .integer(2)])
    #expect(values(column.slice(1..<3).rowField(1, .text, of: 2)) == [.null, .text("z")])
  }
}
