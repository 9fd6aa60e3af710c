import ApusEngine
import ApusValues
import ApusVectors
import Testing

@testable import ApusPlanner

/// Calls every scalar signature with extremes of its arguments' types, a hundred combinations of
/// them at a time: each row ends with a value or an error of the user's, and constants, dictionaries
/// and columns give the same.
@Suite struct ExtremeArgumentTests {
  private static let library = FunctionLibrary.standard

  static let names = library.names.filter { name in
    library.signatures(named: name).contains { $0.kind == .scalar }
  }

  /// What generic parameters stand for, one after the other.
  private static let choices: [SQLType] = [
    .bigint, .text, .double, .array(.integer), .row([RowField(nil, .date), RowField("x", .text)]),
    .decimal(precision: 38, scale: 19), .varbinary,
  ]

  /// The columns that lambdas read have numbers from here on.
  private static let lambdaColumns = 100

  @Test(arguments: names) func everyCallEnds(_ name: String) throws {
    for (overload, signature) in Self.library.signatures(named: name).enumerated() {
      for round in 0..<(signature.parameters.contains(where: \.isGeneric) ? Self.choices.count : 2)
      {
        guard let call = try call(signature, overload, round) else { continue }
        do {
          try checkEnds(call, seed: UInt64(overload * 100 + round))
        } catch let error as SQLError {
          // Some functions refuse types only when they are prepared.
          #expect(error.code.isOfUser, "\(call.function): \(error)")
        }
      }
    }
  }

  /// Binds a call over columns 0, 1, …; nil for types that the signature does not take.
  private func call(_ signature: FunctionSignature, _ overload: Int, _ round: Int) throws -> Call? {
    var parameters = signature.parameters
    if signature.isVariadic, let last = parameters.last { parameters.append(last) }
    var lambdas: [Int: Lambda] = [:]
    let arguments: [FunctionArgument] = parameters.map { parameter in
      guard case .function(let inputs, _) = parameter else {
        return .value(parameter.example(round, Self.choices))
      }
      return .lambda(parameterCount: inputs.count)
    }
    let range = SourceRange(start: 0, end: 0)
    let choice: OverloadResolution.Choice
    do {
      choice = try OverloadResolution(name: signature.name, signatures: [signature]).resolve(
        arguments,
        at: range
      ) { position, types throws(SQLError) in
        let columns = types.enumerated().map { index, type in
          PlanColumn(id: ColumnID(Self.lambdaColumns + index), name: "p\(index)", type: type)
        }
        guard case .function(_, let output) = parameters[position] else { return .unknown }
        let first = columns.first.map { Expression.column($0) } ?? .null(.unknown)
        let body: Expression =
          switch output {
          case .type(.boolean): .isNull(first)
          case .type(let type): literal(extremeValues(of: type).last ?? .null, type)
          default: first
          }
        lambdas[position] = Lambda(columns, body)
        return body.type
      }
    } catch {
      return nil
    }
    var function = choice.boundFunction
    function.overload = overload
    let expressions = arguments.indices.map { position in
      lambdas[position].map { Expression.lambda($0) }
        ?? column(position, choice.parameterTypes[position])
    }
    return Call(function: function, arguments: expressions, range: range)
  }

  private func checkEnds(_ call: Call, seed: UInt64) throws {
    let positions = call.arguments.indices.filter { position in
      if case .lambda = call.arguments[position] { return false }
      return true
    }
    let types = call.function.parameterTypes
    let rows = combinations(positions.map { extremeValues(of: types[$0]) }, seed: seed)
    // Lambdas have no column; something must keep their place.
    let columns = call.arguments.indices.map { position -> [Value] in
      guard let index = positions.firstIndex(of: position) else {
        return rows.map { _ in .null }
      }
      return rows.map { $0[index] }
    }
    let expression = Expression.call(call)
    guard let count = columns.first?.count else {
      _ = try evaluate(expression, library: Self.library)
      return
    }
    let flats = zip(columns, types).map { flat($0, $1) }
    let outcome = try evaluate(expression, over: flats, library: Self.library)
    for (row, error) in outcome.errors {
      #expect(error.code.isOfUser, "\(call.function.name)(\(rows[row])): \(error)")
    }
    guard call.function.isDeterministic else { return }
    let dictionaries = zip(columns, types).map { backwardDictionary($0, $1) }
    let ofDictionaries = try evaluate(expression, over: dictionaries, library: Self.library)
    var generator = SeededGenerator(seed: seed)
    for row in 0..<count {
      let name = "\(call.function.name)(\(rows[row])) of dictionaries"
      #expect(ofDictionaries.texts[row] == outcome.texts[row], "\(name)")
      #expect(ofDictionaries.errors[row]?.code == outcome.errors[row]?.code, "\(name)")
    }
    for row in (0..<count).shuffled(using: &generator).prefix(6) {
      var constant = call
      for position in positions {
        constant.arguments[position] = literal(columns[position][row], types[position])
      }
      let name = "\(call.function.name)(\(rows[row])) of constants"
      do {
        let ofConstants = try evaluate(.call(constant), library: Self.library)
        #expect(ofConstants.texts[0] == outcome.texts[row], "\(name)")
        #expect(ofConstants.errors[0]?.code == outcome.errors[row]?.code, "\(name)")
      } catch let error as SQLError {
        #expect(error.code == outcome.errors[row]?.code, "\(name): \(error)")
      }
    }
  }

  /// A dictionary vector that has an entry for each row, the last one first.
  private func backwardDictionary(_ values: [Value], _ type: SQLType) -> ColumnVector {
    let buffer = VectorBuffer(byteCount: values.count * 4)
    let indices = buffer.base.assumingMemoryBound(to: Int32.self)
    for row in values.indices { indices[row] = Int32(values.count - 1 - row) }
    return ColumnVector(
      type: type,
      count: values.count,
      encoding: .dictionary,
      storage: flat(values.reversed(), type).storage,
      indexBuffer: buffer
    )
  }

  /// All combinations of values, or 100 of them.
  private func combinations(_ values: [[Value]], seed: UInt64) -> [[Value]] {
    let total = values.reduce(1) { $0 * $1.count }
    var generator = SeededGenerator(seed: seed)
    let numbers =
      total <= 100
      ? Array(0..<total) : (0..<100).map { _ in Int.random(in: 0..<total, using: &generator) }
    return numbers.map { number in
      var rest = number
      return values.map { list in
        defer { rest /= list.count }
        return list[rest % list.count]
      }
    }
  }
}

extension FunctionSignature.Parameter {
  /// Whether it takes values of many types.
  fileprivate var isGeneric: Bool {
    switch self {
    case .any, .same, .anyRow: true
    case .array(let element): element.isGeneric
    case .map(let key, let value): key.isGeneric || value.isGeneric
    case .type, .anyVarchar, .anyDecimal, .anyTimestamp, .anyZonedTimestamp, .anyTime,
      .anyZonedTime, .function:
      false
    }
  }

  /// A type that the parameter takes, another one each round.
  fileprivate func example(_ round: Int, _ choices: [SQLType]) -> SQLType {
    switch self {
    case .type(let type): type
    case .anyVarchar: .text
    case .anyDecimal:
      round % 2 == 0 ? .decimal(precision: 5, scale: 2) : .decimal(precision: 38, scale: 37)
    case .anyTimestamp: .timestamp(precision: round % 2 == 0 ? 3 : 12)
    case .anyTime: .time(precision: round % 2 == 0 ? 6 : 12)
    case .anyZonedTimestamp: .timestampWithTimeZone(precision: round % 2 == 0 ? 3 : 12)
    case .anyZonedTime: .timeWithTimeZone(precision: round % 2 == 0 ? 6 : 12)
    case .any: choices[round % choices.count]
    case .same(let number): choices[(round + number) % choices.count]
    case .array(let element): .array(element.example(round, choices))
    case .map(let key, let value):
      .map(key: key.example(round, choices), value: value.example(round, choices))
    case .anyRow: .row([RowField(nil, choices[round % choices.count]), RowField(nil, .double)])
    case .function: .unknown
    }
  }
}

extension ErrorCode {
  /// Whether it says what is wrong with a statement or its data, and not with Apus.
  fileprivate var isOfUser: Bool { self != .genericInternalError }
}
