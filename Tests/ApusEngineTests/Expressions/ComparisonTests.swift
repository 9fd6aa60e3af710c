import ApusPlanner
import ApusValues
import ApusVectors
import Testing

@testable import ApusEngine

@Suite struct ComparisonTests {
  private let operators: [Comparison.Operator] = [
    .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isDistinctFrom,
  ]

  private let types: [SQLType] = [
    .boolean, .tinyint, .smallint, .integer, .bigint, .real, .double, .date,
    .decimal(precision: 9, scale: 2), .decimal(precision: 30, scale: 4), .text, .char(length: 5),
    .varbinary, .timestamp(precision: 3), .timestamp(precision: 9),
  ]

  /// What SQL says of two values, in a few lines.
  private func expected(_ op: Comparison.Operator, _ a: Value, _ b: Value) -> Value {
    if op == .isDistinctFrom {
      if a.isNull || b.isNull { return .boolean(a.isNull != b.isNull) }
      return .boolean(Value.compare(a, b) != 0)
    }
    if a.isNull || b.isNull { return .null }
    if isNaN(a) || isNaN(b) { return .boolean(op == .notEqual) }
    let order = Value.compare(a, b)
    return switch op {
    case .equal: .boolean(order == 0)
    case .notEqual, .isDistinctFrom: .boolean(order != 0)
    case .less: .boolean(order < 0)
    case .lessOrEqual: .boolean(order <= 0)
    case .greater: .boolean(order > 0)
    case .greaterOrEqual: .boolean(order >= 0)
    }
  }

  private func isNaN(_ value: Value) -> Bool {
    switch value {
    case .real(let value): value.isNaN
    case .double(let value): value.isNaN
    default: false
    }
  }

  @Test func agreesWithTheDefinition() throws {
    var generator = SeededGenerator(seed: 7)
    for type in types {
      let a = randomValues(of: type, count: 50, using: &generator)
      let b = randomValues(of: type, count: 50, using: &generator)
      for op in operators {
        let both = Expression.comparison(Comparison(op, column(0, type), column(1, type)))
        let outcome = try evaluate(both, over: [flat(a, type), flat(b, type)])
        #expect(outcome.values == zip(a, b).map { expected(op, $0, $1) }, "\(type) \(op)")
        try expectSameInEveryEncoding(both, [(a, type), (b, type)])
        for constant in [b[0], b[1], .null] {
          let right = Expression.comparison(
            Comparison(op, column(0, type), literal(constant, type))
          )
          let values = try evaluate(right, over: [flat(a, type)]).values
          #expect(values == a.map { expected(op, $0, constant) }, "\(type) \(op) \(constant)")
          try expectSameInEveryEncoding(right, [(a, type)])
          let left = Expression.comparison(
            Comparison(op, literal(constant, type), column(0, type))
          )
          let mirrored = try evaluate(left, over: [flat(a, type)]).values
          #expect(mirrored == a.map { expected(op, constant, $0) }, "\(constant) \(op) \(type)")
        }
      }
    }
  }

  @Test func inLists() throws {
    var generator = SeededGenerator(seed: 9)
    for type in types {
      let a = randomValues(of: type, count: 50, using: &generator)
      for size in [1, 2, 5, 20] {
        let list = randomValues(of: type, count: size, using: &generator)
        let inList = Expression.inList(
          InList(column(0, type), list.map { literal($0, type) })
        )
        let definition = a.map { value -> Value in
          let comparisons = list.map { expected(.equal, value, $0) }
          if comparisons.contains(.boolean(true)) { return .boolean(true) }
          return comparisons.contains(.null) ? .null : .boolean(false)
        }
        #expect(try evaluate(inList, over: [flat(a, type)]).values == definition, "\(type)")
        try expectSameInEveryEncoding(inList, [(a, type)])
        let variable = Expression.inList(
          InList(column(0, type), list.map { literal($0, type) } + [column(1, type)])
        )
        let b = a.map { _ in list[0] }
        let values = try evaluate(variable, over: [flat(a, type), flat(b, type)]).values
        #expect(values == definition, "\(type)")
      }
    }
  }
}
