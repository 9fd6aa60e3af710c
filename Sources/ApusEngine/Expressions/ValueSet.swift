import ApusValues
import ApusVectors

/// A set of constants of one physical type, made for looking up the rows of a vector.
///
/// A few numbers are compared one after the other, which the compiler vectorizes; more go through a
/// table with open addressing. NaN is in no set, since it equals nothing.
struct ValueSet: Sendable {
  private enum Storage: Sendable {
    case few([Int64])
    case integers(IntegerTable)
    case wide(Set<Int128>)
    case floating(Set<Double>)
    case strings(StringTable)
  }

  private let storage: Storage
  private let type: PhysicalType

  /// - Parameter values: no NULLs; all of the type.
  init(_ values: [Value], type: PhysicalType) {
    self.type = type
    switch type {
    case .boolean, .int8, .int16, .int32, .int64:
      let integers = values.compactMap { value -> Int64? in
        switch value {
        case .boolean(let value): value ? 1 : 0
        case .integer(let value): value
        default: nil
        }
      }
      let distinct = Array(Set(integers)).sorted()
      storage = distinct.count <= 6 ? .few(distinct) : .integers(IntegerTable(distinct))
    case .int128:
      storage = .wide(Set(values.compactMap(\.int128)))
    case .float32, .float64:
      let doubles = values.compactMap { value -> Double? in
        switch value {
        case .real(let value): Double(value)
        case .double(let value): value
        default: nil
        }
      }
      storage = .floating(Set(doubles.filter { !$0.isNaN }))
    case .string:
      let strings = values.compactMap { value -> [UInt8]? in
        switch value {
        case .text(let value): Array(value.utf8)
        case .binary(let value): value
        default: nil
        }
      }
      storage = .strings(StringTable(Set(strings)))
    }
  }

  /// Returns whether each row is in the set, NULL for NULL.
  func lookUp(_ vector: ColumnVector, rows: Selection) -> ColumnVector {
    switch type {
    case .boolean: lookUpIntegers(vector, rows, as: UInt8.self)
    case .int8: lookUpIntegers(vector, rows, as: Int8.self)
    case .int16: lookUpIntegers(vector, rows, as: Int16.self)
    case .int32: lookUpIntegers(vector, rows, as: Int32.self)
    case .int64: lookUpIntegers(vector, rows, as: Int64.self)
    case .int128: lookUpWide(vector, rows)
    case .float32: lookUpFloating(vector, rows, as: Float.self)
    case .float64: lookUpFloating(vector, rows, as: Double.self)
    case .string: lookUpStrings(vector, rows)
    }
  }

  private func lookUpIntegers<Element: FixedWidthInteger>(
    _ vector: ColumnVector,
    _ rows: Selection,
    as element: Element.Type
  ) -> ColumnVector {
    switch storage {
    case .few(let values):
      let narrow = values.compactMap { Element(exactly: $0) }
      guard let first = narrow.first else {
        return mapUnary(vector, to: .boolean, rows: rows) { (_: Element) in UInt8(0) }
      }
      // Empty places repeat the first value.
      func item(_ index: Int) -> Element { index < narrow.count ? narrow[index] : first }
      let (a, b, c, d, e, f) = (item(0), item(1), item(2), item(3), item(4), item(5))
      if narrow.count <= 3 {
        return mapUnary(vector, to: .boolean, rows: rows) { (value: Element) in
          bit(value == a) | bit(value == b) | bit(value == c)
        }
      }
      return mapUnary(vector, to: .boolean, rows: rows) { (value: Element) in
        bit(value == a) | bit(value == b) | bit(value == c) | bit(value == d) | bit(value == e)
          | bit(value == f)
      }
    case .integers(let table):
      return mapUnary(vector, to: .boolean, rows: rows) { (value: Element) in
        bit(table.contains(Int64(truncatingIfNeeded: value)))
      }
    case .wide, .floating, .strings:
      return mapUnary(vector, to: .boolean, rows: rows) { (_: Element) in UInt8(0) }
    }
  }

  private func lookUpWide(_ vector: ColumnVector, _ rows: Selection) -> ColumnVector {
    guard case .wide(let set) = storage else { return .nulls(.boolean, count: rows.rowCount) }
    return mapUnary(vector, to: .boolean, rows: rows) { (value: Int128) in bit(set.contains(value))
    }
  }

  private func lookUpFloating<Element: BinaryFloatingPoint>(
    _ vector: ColumnVector,
    _ rows: Selection,
    as element: Element.Type
  ) -> ColumnVector {
    guard case .floating(let set) = storage else { return .nulls(.boolean, count: rows.rowCount) }
    return mapUnary(vector, to: .boolean, rows: rows) { (value: Element) in
      bit(set.contains(Double(value)))
    }
  }

  private func lookUpStrings(_ vector: ColumnVector, _ rows: Selection) -> ColumnVector {
    guard case .strings(let table) = storage else { return .nulls(.boolean, count: rows.rowCount) }
    return mapUnary(vector, to: .boolean, rows: rows) { (view: StringView) in
      bit(table.contains(view))
    }
  }
}

/// Integers in a table with open addressing, at most half full.
private struct IntegerTable: Sendable {
  private let slots: [Int64]
  private let isUsed: [Bool]
  private let mask: Int

  init(_ values: [Int64]) {
    var size = 16
    while size < values.count * 2 { size *= 2 }
    var slots = [Int64](repeating: 0, count: size)
    var isUsed = [Bool](repeating: false, count: size)
    for value in values {
      var index = IntegerTable.hash(value) & (size - 1)
      while isUsed[index] { index = (index + 1) & (size - 1) }
      slots[index] = value
      isUsed[index] = true
    }
    self.slots = slots
    self.isUsed = isUsed
    mask = size - 1
  }

  @inline(__always)
  private static func hash(_ value: Int64) -> Int {
    let product = UInt64(bitPattern: value) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: product >> 32)
  }

  func contains(_ value: Int64) -> Bool {
    var index = IntegerTable.hash(value) & mask
    while isUsed[index] {
      if slots[index] == value { return true }
      index = (index + 1) & mask
    }
    return false
  }
}

/// Strings in a table with open addressing. The views point into a buffer that the table keeps.
///
/// Safety: the buffer is written before the table is shared and lives as long as it does.
private struct StringTable: @unchecked Sendable {
  private let slots: [StringView]
  private let isUsed: [Bool]
  private let mask: Int
  private let heap: StringHeap

  init(_ values: Set<[UInt8]>) {
    let heap = StringHeap()
    var size = 16
    while size < values.count * 2 { size *= 2 }
    var slots = [StringView](repeating: StringView(), count: size)
    var isUsed = [Bool](repeating: false, count: size)
    for bytes in values {
      let view = bytes.withUnsafeBytes { heap.store($0) }
      var index = StringTable.hash(view) & (size - 1)
      while isUsed[index] { index = (index + 1) & (size - 1) }
      slots[index] = view
      isUsed[index] = true
    }
    self.heap = heap
    self.slots = slots
    self.isUsed = isUsed
    mask = size - 1
  }

  /// Mixes what equal strings share: the length, the first four bytes and the last eight.
  @inline(__always)
  private static func hash(_ view: StringView) -> Int {
    var high = view.high
    if !view.isInline, let base = UnsafeRawPointer(bitPattern: UInt(view.high)) {
      high = base.loadUnaligned(fromByteOffset: view.count - 8, as: UInt64.self)
    }
    let product = (view.low ^ (high &* 0xff51_afd7_ed55_8ccd)) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: product >> 32)
  }

  func contains(_ view: StringView) -> Bool {
    var index = StringTable.hash(view) & mask
    while isUsed[index] {
      if slots[index] == view { return true }
      index = (index + 1) & mask
    }
    return false
  }
}
