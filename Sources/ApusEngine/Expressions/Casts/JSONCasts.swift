import ApusPlanner
import ApusValues
import ApusVectors

extension CastOperation {
  /// Conversions from JSON, in which a JSON null is NULL.
  func fromJSONKernel() -> UnaryKernel {
    switch to {
    case .boolean:
      return readingKernel { (reader: inout JSONValueReader) throws(JSONCastFailure) -> UInt8? in
        try reader.boolean().map { bit($0) }
      }
    case .tinyint: return integerReadingKernel(Int8.self)
    case .smallint: return integerReadingKernel(Int16.self)
    case .integer: return integerReadingKernel(Int32.self)
    case .bigint: return integerReadingKernel(Int64.self)
    case .real:
      return readingKernel { (reader: inout JSONValueReader) throws(JSONCastFailure) -> Float? in
        try reader.floating(Float.self, to)
      }
    case .double:
      return readingKernel { (reader: inout JSONValueReader) throws(JSONCastFailure) -> Double? in
        try reader.floating(Double.self, to)
      }
    case .decimal(let precision, let scale):
      if to.physicalType == .int64 {
        return readingKernel { (reader: inout JSONValueReader) throws(JSONCastFailure) -> Int64? in
          let value = try reader.decimal(precision: precision, scale: scale)
          return value.map { Int64(truncatingIfNeeded: $0) }
        }
      }
      return readingKernel { (reader: inout JSONValueReader) throws(JSONCastFailure) -> Int128? in
        try reader.decimal(precision: precision, scale: scale)
      }
    case .varchar(let length):
      return textReadingKernel { (reader, heap) throws(JSONCastFailure) -> StringView? in
        try reader.text { text in
          let end = length.map { codePoints($0, of: text) } ?? text.count
          return heap.store(UnsafeRawBufferPointer(rebasing: text[..<end]))
        }
      }
    default:
      return nestedReadingKernel()
    }
  }

  private func integerReadingKernel<Target: FixedWidthInteger & SignedInteger & Sendable>(
    _ target: Target.Type
  ) -> UnaryKernel {
    readingKernel { (reader: inout JSONValueReader) throws(JSONCastFailure) -> Target? in
      try reader.integer(target, to)
    }
  }

  private func readingKernel<Output>(
    _ read: @escaping @Sendable (inout JSONValueReader) throws(JSONCastFailure) -> Output?
  ) -> UnaryKernel {
    { vector, rows, errors throws(SQLError) in
      let vector = vector.decoded
      defer { extendLifetime(vector) }
      let source = vector.texts
      return mapRows([vector], to: to, rows: rows, range: range, errors: &errors) {
        (row: Int) throws(SQLError) -> Output? in
        try readScalar(source.bytes(row), read)
      }
    }
  }

  private func textReadingKernel(
    _ read:
      @escaping @Sendable (inout JSONValueReader, StringHeap) throws(JSONCastFailure) -> StringView?
  ) -> UnaryKernel {
    { vector, rows, errors throws(SQLError) in
      let vector = vector.decoded
      defer { extendLifetime(vector) }
      let source = vector.texts
      return mapText([vector], to: to, rows: rows, range: range, errors: &errors) {
        (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
        try readScalar(source.bytes(row)) {
          (reader: inout JSONValueReader) throws(JSONCastFailure) -> StringView? in
          try read(&reader, heap)
        }
      }
    }
  }

  private func readScalar<Output>(
    _ document: UnsafeRawBufferPointer,
    _ read: (inout JSONValueReader) throws(JSONCastFailure) -> Output?
  ) throws(SQLError) -> Output? {
    do throws(JSONCastFailure) {
      var reader = JSONValueReader(document)
      _ = try reader.next()
      return try read(&reader)
    } catch {
      if case .unconvertible(let message) = error { throw invalid(message) }
      let name: String =
        if case .decimal(let precision, let scale) = to {
          "DECIMAL(\(precision),\(scale))"
        } else if to.isVarchar {
          "varchar"
        } else {
          to.description
        }
      throw invalid("Cannot cast '\(text(document))' to \(name)")
    }
  }

  private func nestedReadingKernel() -> UnaryKernel {
    { vector, rows, errors throws(SQLError) in
      let vector = vector.decoded
      defer { extendLifetime(vector) }
      let source = vector.texts
      let builder = VectorBuilder(type: to, capacity: vector.count)
      rows.visit { row in
        guard !source.isNull(row) else { return builder.setNull(row) }
        do throws(SQLError) {
          builder.set(row, try readNested(source.bytes(row)))
        } catch {
          errors.record(error, row: row)
          builder.setNull(row)
        }
      }
      return builder.finish(count: vector.count)
    }
  }

  private func readNested(_ document: UnsafeRawBufferPointer) throws(SQLError) -> Value {
    do throws(JSONCastFailure) {
      var reader = JSONValueReader(document)
      _ = try reader.next()
      return try reader.value(to)
    } catch {
      let shown =
        document.count <= 10_000
        ? text(document)
        : text(UnsafeRawBufferPointer(rebasing: document[..<10_000])) + "...(truncated)"
      switch error {
      case .unconvertible(let message), .unexpected(let message):
        throw invalid("Cannot cast to \(to). \(message)\n\(shown)")
      case .malformed:
        throw invalid("Cannot cast to \(to).\n\(shown)")
      }
    }
  }
}
