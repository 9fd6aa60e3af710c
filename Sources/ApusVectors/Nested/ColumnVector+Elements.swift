public import ApusValues
import Glibc

// Whole columns of nested values taken apart and put together, column by column.
//
// Safety: output is written at positions below what was counted before; see `EncodedArray` for input.

/// The elements of a column's arrays, one row's after the other's.
public struct ArrayElements: Sendable {
  /// Where each row's elements end; a row that is NULL or not selected has none.
  public let ends: [Int32]
  /// A flat vector.
  public let elements: ColumnVector

  public init(ends: [Int32], elements: ColumnVector) {
    self.ends = ends
    self.elements = elements
  }

  /// The positions of one row's elements.
  public func range(_ row: Int) -> Range<Int> {
    (row == 0 ? 0 : Int(ends[row - 1]))..<Int(ends[row])
  }

  /// For each element the row that it belongs to.
  public var rows: [Int32] {
    [Int32](unsafeUninitializedCapacity: elements.count) { output, count in
      count = elements.count
      var element = 0
      for (row, end) in ends.enumerated() {
        while element < end {
          output[element] = Int32(truncatingIfNeeded: row)
          element += 1
        }
      }
    }
  }
}

extension ColumnVector {
  /// Takes the arrays of the selected rows apart.
  ///
  /// - Parameter element: the type of the elements.
  public func arrayElements(_ element: SQLType, rows: Selection) -> ArrayElements {
    let flat = flattened()
    return withExtendedLifetime(flat) {
      let views = flat.values(as: StringView.self)
      let validity = flat.validity
      var ends = [Int32](repeating: 0, count: count)
      var total = 0
      var isSelected = [Bool](repeating: rows.indices == nil, count: count)
      if let indices = rows.indices { for row in indices { isSelected[Int(row)] = true } }
      for row in 0..<count {
        if isSelected[row], validity.map({ $0[row] != 0 }) ?? true {
          total += EncodedArray(StringView.bytes(at: views + row)).count
        }
        ends[row] = Int32(truncatingIfNeeded: total)
      }
      let builder = VectorBuilder(type: element, capacity: total)
      builder.retain(heaps: flat.storage.heaps)
      var position = 0
      for row in 0..<count where Int(ends[row]) > position {
        EncodedArray(StringView.bytes(at: views + row)).copy(to: builder, at: position)
        position = Int(ends[row])
      }
      return ArrayElements(ends: ends, elements: builder.finish(count: total))
    }
  }

  /// Puts elements together to arrays, the inverse of `arrayElements`.
  ///
  /// - Parameters:
  ///   - parts: elements in any encoding, and where each row's end.
  ///   - validity: a byte per row; nil without NULLs.
  public static func arrays(_ parts: ArrayElements, type: SQLType, validity: [UInt8]? = nil)
    -> ColumnVector
  {
    let count = parts.ends.count
    let elements = parts.elements.flattened()
    let builder = VectorBuilder(type: type, capacity: count)
    let views = builder.values(as: StringView.self)
    withExtendedLifetime(elements) {
      for row in 0..<count {
        if let validity, validity[row] == 0 {
          builder.setNull(row)
        } else {
          views[row] = builder.heap.storeArray(elements, parts.range(row))
        }
      }
    }
    return builder.finish(count: count)
  }

  /// Puts fields together to rows.
  ///
  /// - Parameters:
  ///   - fields: one vector per field of the type, in any encoding, of `count` rows each.
  ///   - validity: a byte per row; nil without NULLs.
  public static func rows(
    _ fields: [ColumnVector],
    type: SQLType,
    count: Int,
    validity: [UInt8]? = nil
  ) -> ColumnVector {
    let fields = fields.map { $0.flattened() }
    let builder = VectorBuilder(type: type, capacity: count)
    let views = builder.values(as: StringView.self)
    withExtendedLifetime(fields) {
      for row in 0..<count {
        if let validity, validity[row] == 0 {
          builder.setNull(row)
        } else {
          views[row] = builder.heap.storeRow(fields, row)
        }
      }
    }
    return builder.finish(count: count)
  }

  /// Returns one field of a column of rows; NULL where the row is.
  ///
  /// - Parameters:
  ///   - field: the position of the field.
  ///   - type: its type.
  ///   - fieldCount: how many fields the rows have.
  public func rowField(_ field: Int, _ type: SQLType, of fieldCount: Int) -> ColumnVector {
    mapStorage(to: type) { views, validity, builder, count in
      for row in 0..<count {
        let bytes = StringView.bytes(at: views + row)
        let isNull = validity.map { $0[row] == 0 } ?? false
        let encoded = EncodedRow(bytes, fieldCount: fieldCount)
        if isNull || encoded.isNull(field) {
          builder.setNull(row)
        } else {
          builder.setEncoded(row, encoded.bytes(field))
        }
      }
    }
  }

  /// Puts maps together from arrays of keys and of values, as many in each row.
  ///
  /// - Parameters:
  ///   - keys: of arrays; NULL where the map is.
  ///   - values: of arrays.
  public static func maps(keys: ColumnVector, values: ColumnVector, type: SQLType) -> ColumnVector {
    let count = keys.count
    let keys = keys.flattened()
    let values = values.flattened()
    let builder = VectorBuilder(type: type, capacity: count)
    let views = builder.values(as: StringView.self)
    withExtendedLifetime((keys, values)) {
      let keyViews = keys.values(as: StringView.self)
      let valueViews = values.values(as: StringView.self)
      for row in 0..<count {
        if let validity = keys.validity, validity[row] == 0 {
          builder.setNull(row)
          continue
        }
        let keyBytes = StringView.bytes(at: keyViews + row)
        let valueBytes = StringView.bytes(at: valueViews + row)
        let byteCount = 4 + keyBytes.count + valueBytes.count
        views[row] = builder.heap.store(byteCount) { output in
          output.storeBytes(of: UInt32(truncatingIfNeeded: keyBytes.count), as: UInt32.self)
          copy(keyBytes, to: output + 4)
          copy(valueBytes, to: output + 4 + keyBytes.count)
        }
      }
    }
    return builder.finish(count: count)
  }

  /// Returns the keys of a column of maps as arrays; NULL where the map is.
  public func mapKeys(_ key: SQLType) -> ColumnVector { mapPart(.array(key)) { $0.keys } }

  /// Returns the values of a column of maps as arrays; NULL where the map is.
  public func mapValues(_ value: SQLType) -> ColumnVector { mapPart(.array(value)) { $0.values } }

  private func mapPart(
    _ type: SQLType,
    _ part: (EncodedMap) -> UnsafeRawBufferPointer
  ) -> ColumnVector {
    mapStorage(to: type) { views, validity, builder, count in
      for row in 0..<count {
        if let validity, validity[row] == 0 {
          builder.setNull(row)
        } else {
          builder.setEncoded(row, part(EncodedMap(StringView.bytes(at: views + row))))
        }
      }
    }
  }

  /// Computes each value of the storage once, whatever the encoding; what is made may point into its
  /// heaps.
  private func mapStorage(
    to type: SQLType,
    _ body: (
      _ views: UnsafePointer<StringView>,
      _ validity: UnsafePointer<UInt8>?,
      _ builder: VectorBuilder,
      _ count: Int
    ) -> Void
  ) -> ColumnVector {
    let source = encoding == .dictionary ? dictionary : self
    let valueCount = encoding == .constant ? 1 : source.count
    let builder = VectorBuilder(type: type, capacity: valueCount)
    builder.retain(heaps: storage.heaps)
    withExtendedLifetime(source) {
      body(source.values(as: StringView.self), source.validity, builder, valueCount)
    }
    return ColumnVector(
      type: type,
      count: count,
      encoding: encoding,
      storage: builder.finish(count: valueCount).storage,
      indexBuffer: indexBuffer,
      offset: encoding == .dictionary ? offset : 0
    )
  }
}

extension EncodedArray {
  /// Copies all elements to places from `position` on; strings are not copied, only their views.
  fileprivate func copy(to builder: VectorBuilder, at position: Int) {
    let stride = builder.type.physicalType.stride
    if let validity, count > 0 {
      (builder.makeValidity() + position).update(from: validity, count: count)
    }
    if builder.type.physicalType != .string {
      (builder.rawValues + position * stride).copyMemory(from: elements, byteCount: count * stride)
      return
    }
    let views = builder.values(as: StringView.self) + position
    for index in 0..<count { views[index] = StringView(bytes(index)) }
  }
}

extension VectorBuilder {
  /// Sets a row to what the bytes encode; strings are not copied.
  fileprivate func setEncoded(_ row: Int, _ bytes: UnsafeRawBufferPointer) {
    if type.physicalType == .string {
      values(as: StringView.self)[row] = StringView(bytes)
    } else if let base = bytes.baseAddress {
      (rawValues + row * type.physicalType.stride).copyMemory(from: base, byteCount: bytes.count)
    }
  }
}

extension StringHeap {
  /// Stores what `body` writes to memory for `count` bytes.
  fileprivate func store(_ count: Int, _ body: (UnsafeMutableRawPointer) -> Void) -> StringView {
    let output = allocate(count)
    body(output)
    return StringView(output, count: count)
  }

  /// Encodes some elements of a flat vector as an array.
  fileprivate func storeArray(_ elements: ColumnVector, _ range: Range<Int>) -> StringView {
    let count = range.count
    let validity = elements.validity.map { $0 + range.lowerBound }
    let hasNulls = validity.map { validity in (0..<count).contains { validity[$0] == 0 } } ?? false
    let header = EncodedArray.headerByteCount
    let start = header + (hasNulls ? count : 0)
    func writeHeader(_ output: UnsafeMutableRawPointer) {
      output.storeBytes(of: UInt32(truncatingIfNeeded: count), as: UInt32.self)
      output.storeBytes(of: hasNulls ? 1 : 0, toByteOffset: 4, as: UInt32.self)
      if hasNulls, let validity { (output + header).copyMemory(from: validity, byteCount: count) }
    }
    if elements.type.physicalType != .string {
      let stride = elements.type.physicalType.stride
      return store(start + count * stride) { output in
        writeHeader(output)
        let target = output + start
        target.copyMemory(
          from: elements.fixedValues + range.lowerBound * stride,
          byteCount: count * stride
        )
        guard hasNulls, let validity else { return }
        // Equal arrays have equal bytes.
        for index in 0..<count where validity[index] == 0 {
          memset(target + index * stride, 0, stride)
        }
      }
    }
    let views = elements.values(as: StringView.self) + range.lowerBound
    let byteCount = (0..<count).reduce(0) { $0 + views[$1].count }
    return store(start + count * 4 + byteCount) { output in
      writeHeader(output)
      var end = 0
      for index in 0..<count {
        let bytes = StringView.bytes(at: views + index)
        copy(bytes, to: output + start + count * 4 + end)
        end += bytes.count
        (output + start + index * 4).storeBytes(
          of: UInt32(truncatingIfNeeded: end),
          as: UInt32.self
        )
      }
    }
  }

  /// Encodes one row of flat vectors, its fields.
  fileprivate func storeRow(_ fields: [ColumnVector], _ row: Int) -> StringView {
    let byteCount = fields.reduce(0) { $0 + $1.encodedByteCount(row) }
    return store(fields.count * 5 + byteCount) { output in
      var end = 0
      for (index, field) in fields.enumerated() {
        let isNull = field.validity.map { $0[row] == 0 } ?? false
        output.storeBytes(of: isNull ? 0 : 1, toByteOffset: index, as: UInt8.self)
        let target = output + fields.count * 5 + end
        let size = field.encodedByteCount(row)
        if field.type.physicalType == .string {
          copy(StringView.bytes(at: field.values(as: StringView.self) + row), to: target)
        } else if isNull {
          memset(target, 0, size)
        } else {
          target.copyMemory(from: field.fixedValues + row * size, byteCount: size)
        }
        end += size
        output.storeBytes(
          of: UInt32(truncatingIfNeeded: end),
          toByteOffset: fields.count + index * 4,
          as: UInt32.self
        )
      }
    }
  }
}

extension ColumnVector {
  /// The values of a flat vector from its first row, as bytes.
  fileprivate var fixedValues: UnsafeRawPointer {
    UnsafeRawPointer(storage.values.base) + offset * type.physicalType.stride
  }

  /// The bytes that a row's value takes inside a nested one.
  fileprivate func encodedByteCount(_ row: Int) -> Int {
    type.physicalType == .string
      ? values(as: StringView.self)[row].count : type.physicalType.stride
  }
}

private func copy(_ bytes: UnsafeRawBufferPointer, to target: UnsafeMutableRawPointer) {
  if let base = bytes.baseAddress { target.copyMemory(from: base, byteCount: bytes.count) }
}
