import ApusPlanner
import ApusValues
import ApusVectors

/// Memory for documents being written, used again from row to row.
final class JSONOutput {
  var bytes: [UInt8] = []
  var scratch: [UInt8] = []
}

/// Appends the value of a row to a document.
typealias JSONRowWriter = (_ row: Int, _ output: JSONOutput) -> Void

extension CastOperation {
  /// Conversions to JSON: text becomes a string, arrays stay arrays, maps and rows become objects. A
  /// NULL within an array, map or row is a JSON null.
  func jsonKernel() -> UnaryKernel {
    { vector, rows, errors throws(SQLError) in
      let vector = vector.decoded
      defer { extendLifetime(vector) }
      let isConstant = vector.encoding == .constant
      let values = isConstant ? vector.repeated(1) : vector
      let write = jsonWriter(of: values, rows: isConstant ? .all(1) : rows)
      let output = JSONOutput()
      return mapText([vector], to: to, rows: rows, range: range, errors: &errors) {
        (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
        output.bytes.removeAll(keepingCapacity: true)
        write(row, output)
        return output.bytes.withUnsafeBytes { heap.store($0) }
      }
    }
  }
}

/// Returns what writes the values of a vector, which it keeps alive.
///
/// - Parameters:
///   - vector: flat or constant.
///   - rows: those that may be asked for.
func jsonWriter(of vector: ColumnVector, rows: Selection) -> JSONRowWriter {
  let write: JSONRowWriter =
    switch vector.type {
    case .array(let element): arrayWriter(vector, element, rows)
    case .map(let key, let value): mapWriter(vector, key, value, rows)
    case .row(let fields): rowWriter(vector, fields, rows)
    default: scalarWriter(vector)
    }
  return { row, output in
    if vector.isNull(row) {
      output.bytes.append(contentsOf: "null".utf8)
    } else {
      write(row, output)
    }
  }
}

private func arrayWriter(_ vector: ColumnVector, _ element: SQLType, _ rows: Selection)
  -> JSONRowWriter
{
  let parts = vector.arrayElements(element, rows: rows)
  let write = jsonWriter(of: parts.elements, rows: .all(parts.elements.count))
  return { row, output in
    output.bytes.append(UInt8(ascii: "["))
    let range = parts.range(row)
    for index in range {
      if index > range.lowerBound { output.bytes.append(UInt8(ascii: ",")) }
      write(index, output)
    }
    output.bytes.append(UInt8(ascii: "]"))
  }
}

/// Members are sorted by name; of equal ones the last counts.
private func mapWriter(
  _ vector: ColumnVector,
  _ key: SQLType,
  _ value: SQLType,
  _ rows: Selection
) -> JSONRowWriter {
  let keys = vector.mapKeys(key).arrayElements(key, rows: rows)
  let values = vector.mapValues(value).arrayElements(value, rows: rows)
  let write = jsonWriter(of: values.elements, rows: .all(values.elements.count))
  return { row, output in
    let range = keys.range(row)
    var entries: [(name: [UInt8], index: Int)] = []
    entries.reserveCapacity(range.count)
    for index in range {
      let name = keys.elements.value(index).text(as: key) ?? ""
      entries.append((Array(name.utf8), index))
    }
    func order(_ left: [UInt8], _ right: [UInt8]) -> Int {
      left.withUnsafeBytes { left in
        right.withUnsafeBytes { JSONNormalizer.compareNames(left, $0) }
      }
    }
    entries.sort { left, right in
      let order = order(left.name, right.name)
      return order == 0 ? left.index < right.index : order < 0
    }
    output.bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    for (position, entry) in entries.enumerated() {
      if position + 1 < entries.count, entries[position + 1].name == entry.name { continue }
      if !isFirst { output.bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      entry.name.withUnsafeBytes { JSONText.appendQuoted($0, to: &output.bytes) }
      output.bytes.append(UInt8(ascii: ":"))
      write(entry.index, output)
    }
    output.bytes.append(UInt8(ascii: "}"))
  }
}

/// Members are in the order of the fields; a field without a name has an empty one.
private func rowWriter(_ vector: ColumnVector, _ fields: [RowField], _ rows: Selection)
  -> JSONRowWriter
{
  var writers: [(name: [UInt8], write: JSONRowWriter)] = []
  for (index, field) in fields.enumerated() {
    var name: [UInt8] = [index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ",")]
    JSONText.appendQuoted(field.name ?? "", to: &name)
    name.append(UInt8(ascii: ":"))
    let values = vector.rowField(index, field.type, of: fields.count).decoded
    writers.append((name, jsonWriter(of: values, rows: rows)))
  }
  return { row, output in
    for writer in writers {
      output.bytes.append(contentsOf: writer.name)
      writer.write(row, output)
    }
    output.bytes.append(UInt8(ascii: "}"))
  }
}

private func scalarWriter(_ vector: ColumnVector) -> JSONRowWriter {
  let type = vector.type
  switch type {
  case .boolean:
    return writer(vector) { (value: UInt8, output) in
      output.bytes.append(contentsOf: value != 0 ? "true".utf8 : "false".utf8)
    }
  case .tinyint: return integerWriter(vector, Int8.self)
  case .smallint: return integerWriter(vector, Int16.self)
  case .integer: return integerWriter(vector, Int32.self)
  case .bigint: return integerWriter(vector, Int64.self)
  case .real:
    return writer(vector) { (value: Float, output) in
      JSONText.append(Double(value), shortest: value.description, to: &output.bytes)
    }
  case .double:
    return writer(vector) { (value: Double, output) in
      JSONText.append(value, shortest: value.description, to: &output.bytes)
    }
  case .decimal(_, let scale) where type.physicalType == .int64:
    return writer(vector) { (value: Int64, output) in
      JSONText.append(unscaled: Int128(widening: value), scale: scale, to: &output.bytes)
    }
  case .decimal(_, let scale):
    return writer(vector) { (value: Int128, output) in
      JSONText.append(unscaled: value, scale: scale, to: &output.bytes)
    }
  case .json:
    return { row, output in
      let texts = vector.texts
      output.bytes.append(contentsOf: texts.bytes(row))
      extendLifetime(vector)
    }
  case .varchar:
    return { row, output in
      let texts = vector.texts
      JSONText.appendQuoted(texts.bytes(row), to: &output.bytes)
      extendLifetime(vector)
    }
  default:
    return { row, output in
      JSONText.appendQuoted(vector.value(row).text(as: type) ?? "", to: &output.bytes)
    }
  }
}

private func writer<Input>(
  _ vector: ColumnVector,
  _ write: @escaping (Input, JSONOutput) -> Void
) -> JSONRowWriter {
  { row, output in
    let values = vector.operand(as: Input.self)
    write(values[row], output)
    extendLifetime(vector)
  }
}

private func integerWriter<Input: FixedWidthInteger>(_ vector: ColumnVector, _ type: Input.Type)
  -> JSONRowWriter
{
  writer(vector) { (value: Input, output) in
    output.bytes.append(contentsOf: String(value).utf8)
  }
}
