import ApusPlanner
import ApusValues
import ApusVectors

/// `map_entries(map)`, `map_from_entries(rows)`, `multimap_from_entries(rows)` and `map_concat(…)`.
enum MapEntries: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "map_concat(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), MAP(ARRAY['b'], ARRAY[3]))",
        "{a=1, b=3}"
      ),
      FunctionExample("map_entries(MAP(ARRAY['a', 'b'], ARRAY[1, 2]))", "[{a, 1}, {b, 2}]"),
      FunctionExample("map_from_entries(ARRAY[ROW('a', 1), ROW('b', 2)])", "{a=1, b=2}"),
      FunctionExample("multimap_from_entries(ARRAY[ROW('a', 1), ROW('a', 2)])", "{a=[1, 2]}"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "map_entries",
        [.map(.same(0), .same(1))],
        returns: .computed { types in
          guard case .map(let key, let value) = types[0] else { return .unknown }
          return .array(.row([RowField(nil, key), RowField(nil, value)]))
        },
        summary: "Returns the entries of a map as rows."
      )
    ) { call throws(SQLError) in
      let (key, value) = try call.mapTypes(0)
      let type = call.function.returnType
      let rowType = SQLType.row([RowField(nil, key), RowField(nil, value)])
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        let entries = MapElements(arguments[0], key, value, rows: rows)
        let pairs = ColumnVector.rows(
          [entries.keys.elements, entries.values.elements],
          type: rowType,
          count: entries.keys.elements.count
        )
        return .arrays(
          ArrayElements(ends: entries.keys.ends, elements: pairs),
          type: type,
          validity: validity(of: arguments[0])
        )
      }
    },
    ScalarOverload(
      FunctionSignature(
        "map_from_entries",
        [.array(.anyRow)],
        returns: .computed { types in
          guard let (key, value) = pairTypes(types[0]) else { return .unknown }
          return .map(key: key, value: value)
        },
        summary: "Returns the map of an array of rows, each a key and a value."
      )
    ) { call throws(SQLError) in
      let (key, value) = try pairs(call)
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let entries = try MapElements(pairs: arguments[0], key, value, rows: rows)
        let isValid = checkedRows(entries, arguments[0], rows, range, &errors) {
          (positions) throws(SQLError) in
          for position in positions where entries.isMissing(position) {
            throw invalidArgument("map entry cannot be null")
          }
          try checkMapKeys(positions.map { entries.keys.elements.value($0) }, key)
        }
        return entries.maps(type, validity: isValid)
      }
    },
    ScalarOverload(
      FunctionSignature(
        "multimap_from_entries",
        [.array(.anyRow)],
        returns: .computed { types in
          guard let (key, value) = pairTypes(types[0]) else { return .unknown }
          return .map(key: key, value: .array(value))
        },
        summary: "Returns the map of each key to the array of its values."
      )
    ) { call throws(SQLError) in
      let (key, value) = try pairs(call)
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let entries = try MapElements(pairs: arguments[0], key, value, rows: rows)
        let isValid = checkedRows(entries, arguments[0], rows, range, &errors) {
          (positions) throws(SQLError) in
          for position in positions {
            if entries.isMissing(position) { throw invalidArgument("map entry cannot be null") }
            if entries.keys.elements.isNull(position) {
              throw invalidArgument("map key cannot be null")
            }
          }
        }
        return try entries.multimaps(type, validity: isValid)
      }
    },
    ScalarOverload(
      FunctionSignature(
        "map_concat",
        [.map(.same(0), .same(1)), .map(.same(0), .same(1))],
        isVariadic: true,
        returns: .pattern(.map(.same(0), .same(1))),
        summary: "Returns the entries of all maps; of equal keys the last counts."
      )
    ) { call throws(SQLError) in
      let (key, value) = try call.mapTypes(0)
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let keys = PickedElements(arguments.map { $0.mapKeys(key) }, key, rows: rows)
        let values = PickedElements(arguments.map { $0.mapValues(value) }, value, rows: rows)
        let codes = try keys.codes()
        var marks = CodeMarks(codes)
        var picked: [Int32] = []
        var ends: [Int32] = []
        let isValid = (0..<rows.rowCount).map { row -> UInt8 in
          arguments.contains { $0.isNull(row) } ? 0 : 1
        }
        for row in 0..<rows.rowCount {
          if isValid[row] != 0 {
            var own: [Int32] = []
            for argument in arguments.indices.reversed() {
              for position in keys.range(argument, row).reversed()
              where marks.insert(codes[position], row) {
                own.append(Int32(truncatingIfNeeded: position))
              }
            }
            picked += own.reversed()
          }
          ends.append(Int32(truncatingIfNeeded: picked.count))
        }
        return picked.withUnsafeBufferPointer { picked in
          MapElements(
            keys: ArrayElements(ends: ends, elements: keys.elements.gather(picked)),
            values: ArrayElements(ends: ends, elements: values.elements.gather(picked))
          ).maps(type, validity: isValid)
        }
      }
    },
  ]

  /// The types of the two fields of an array's rows.
  private static func pairTypes(_ type: SQLType) -> (key: SQLType, value: SQLType)? {
    guard case .array(.row(let fields)) = type, fields.count == 2 else { return nil }
    return (fields[0].type, fields[1].type)
  }

  private static func pairs(_ call: ScalarCall) throws(SQLError) -> (key: SQLType, value: SQLType) {
    guard let types = pairTypes(call.function.parameterTypes[0]) else {
      throw SQLError(
        .functionNotFound,
        "Unexpected parameters (\(call.function.parameterTypes[0])) for function "
          + "\(call.function.name). Expected: \(call.function.name)(array(row(K, V)))",
        at: call.range
      )
    }
    return types
  }

  /// - Parameter check: is handed the positions of a row's entries; what it throws is its error.
  private static func checkedRows(
    _ entries: MapElements,
    _ argument: ColumnVector,
    _ rows: Selection,
    _ range: SourceRange?,
    _ errors: inout RowErrors,
    _ check: (Range<Int>) throws(SQLError) -> Void
  ) -> [UInt8] {
    var isValid = [UInt8](repeating: 0, count: rows.rowCount)
    rows.visit { row in
      if argument.isNull(row) { return }
      do throws(SQLError) {
        try check(entries.keys.range(row))
        isValid[row] = 1
      } catch {
        errors.record(error.located(at: range), row: row)
      }
    }
    return isValid
  }
}

/// The entries of a column of maps: keys and values side by side.
struct MapElements {
  let keys: ArrayElements
  let values: ArrayElements
  /// The rows that the entries came from, if they did.
  private var pairs: ColumnVector?

  init(keys: ArrayElements, values: ArrayElements) {
    self.keys = keys
    self.values = values
  }

  init(_ maps: ColumnVector, _ key: SQLType, _ value: SQLType, rows: Selection) {
    keys = maps.mapKeys(key).arrayElements(key, rows: rows)
    values = maps.mapValues(value).arrayElements(value, rows: rows)
  }

  /// - Parameter pairs: arrays of rows of two fields.
  init(pairs: ColumnVector, _ key: SQLType, _ value: SQLType, rows: Selection) throws(SQLError) {
    guard case .array(let rowType) = pairs.type else { throw .internal("entries of \(pairs.type)") }
    let parts = pairs.arrayElements(rowType, rows: rows)
    keys = ArrayElements(ends: parts.ends, elements: parts.elements.rowField(0, key, of: 2))
    values = ArrayElements(ends: parts.ends, elements: parts.elements.rowField(1, value, of: 2))
    self.pairs = parts.elements
  }

  /// Whether there is a NULL in an entry's place.
  func isMissing(_ position: Int) -> Bool { pairs?.isNull(position) ?? false }

  func maps(_ type: SQLType, validity: [UInt8]?) -> ColumnVector {
    let all = Selection.all(keys.elements.count)
    return maps(type, keeping: all, validity: validity)
  }

  func maps(_ type: SQLType, keeping kept: Selection, validity: [UInt8]?) -> ColumnVector {
    .maps(
      keys: .arrays(
        keys.keeping(kept),
        type: .array(keys.elements.type),
        validity: validity
      ),
      values: .arrays(values.keeping(kept), type: .array(values.elements.type)),
      type: type
    )
  }

  /// Maps of each key to the array of its values.
  func multimaps(_ type: SQLType, validity: [UInt8]) throws(SQLError) -> ColumnVector {
    guard case .map(let key, let valueType) = type else { throw .internal("a multimap \(type)") }
    let codes = try PickedElements(elements: keys).codes()
    var firsts: [Int32] = []
    var ends: [Int32] = []
    var order: [Int32] = []
    var valueEnds: [Int32] = []
    for row in keys.ends.indices {
      if validity[row] != 0 {
        var members: [Int32: [Int32]] = [:]
        var codesInOrder: [Int32] = []
        for position in keys.range(row) {
          let code = codes[position]
          if members[code] == nil {
            codesInOrder.append(code)
            firsts.append(Int32(truncatingIfNeeded: position))
          }
          members[code, default: []].append(Int32(truncatingIfNeeded: position))
        }
        for code in codesInOrder {
          order += members[code] ?? []
          valueEnds.append(Int32(truncatingIfNeeded: order.count))
        }
      }
      ends.append(Int32(truncatingIfNeeded: firsts.count))
    }
    let lists = ColumnVector.arrays(
      ArrayElements(
        ends: valueEnds,
        elements: order.withUnsafeBufferPointer { values.elements.gather($0) }
      ),
      type: valueType
    )
    let keyColumn = firsts.withUnsafeBufferPointer { keys.elements.gather($0) }
    return .maps(
      keys: .arrays(
        ArrayElements(ends: ends, elements: keyColumn),
        type: .array(key),
        validity: validity
      ),
      values: .arrays(ArrayElements(ends: ends, elements: lists), type: .array(valueType)),
      type: type
    )
  }
}
