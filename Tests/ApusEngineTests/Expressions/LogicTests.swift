import ApusPlanner
import ApusValues
import ApusVectors
import Testing

@testable import ApusEngine

@Suite struct LogicTests {
  private let all: [Value] = [.boolean(true), .boolean(false), .null]

  private func and(_ terms: Expression...) -> Expression { .logical(Logical(.and, terms)) }
  private func or(_ terms: Expression...) -> Expression { .logical(Logical(.or, terms)) }

  private func kleene(_ op: Logical.Operator, _ values: [Value]) -> Value {
    let deciding = Value.boolean(op == .or)
    if values.contains(deciding) { return deciding }
    return values.contains(.null) ? .null : .boolean(op == .and)
  }

  @Test func threeValuedTables() throws {
    var a: [Value] = []
    var b: [Value] = []
    var c: [Value] = []
    for x in all {
      for y in all {
        for z in all {
          a.append(x)
          b.append(y)
          c.append(z)
        }
      }
    }
    for op in [Logical.Operator.and, .or] {
      let terms = (0..<3).map { column($0, .boolean) }
      let expression = Expression.logical(Logical(op, terms))
      let columns = [(a, SQLType.boolean), (b, .boolean), (c, .boolean)]
      let outcome = try evaluate(expression, over: columns.map { flat($0.0, $0.1) })
      #expect(outcome.values == a.indices.map { kleene(op, [a[$0], b[$0], c[$0]]) })
      try expectSameInEveryEncoding(expression, columns)
    }
    let not = try evaluate(.not(column(0, .boolean)), over: [flat(all, .boolean)])
    #expect(not.values == [.boolean(false), .boolean(true), .null])
    let isNull = try evaluate(.isNull(column(0, .boolean)), over: [flat(all, .boolean)])
    #expect(isNull.values == [.boolean(false), .boolean(false), .boolean(true)])
  }

  private func quotient(_ divisor: Expression) -> Expression {
    .arithmetic(Arithmetic(.divide, bigint(10), divisor, type: .bigint, range: nil))
  }

  @Test func errorsThatAnotherTermDecidesAreDropped() throws {
    let zeros = flat([.integer(0), .integer(5), .integer(0)], .bigint)
    let flags = flat([.boolean(false), .boolean(true), .boolean(true)], .boolean)
    let fails = Expression.comparison(
      Comparison(.greater, quotient(column(0, .bigint)), bigint(1))
    )
    let guarded = try evaluate(and(column(1, .boolean), fails), over: [zeros, flags])
    #expect(guarded.values == [.boolean(false), .boolean(true), .null])
    #expect(guarded.errors.keys.sorted() == [2])
    let guardedLater = try evaluate(and(fails, column(1, .boolean)), over: [zeros, flags])
    #expect(guardedLater.values == [.boolean(false), .boolean(true), .null])
    #expect(guardedLater.errors.keys.sorted() == [2])
    let either = try evaluate(or(fails, column(1, .boolean)), over: [zeros, flags])
    #expect(either.values == [.null, .boolean(true), .boolean(true)])
    #expect(either.errors.keys.sorted() == [0])
  }

  @Test func caseEvaluatesBranchesOnlyWhereNeeded() throws {
    let numbers = flat([.integer(0), .integer(5), .null, .integer(2)], .bigint)
    let isZero = Expression.comparison(Comparison(.equal, column(0, .bigint), bigint(0)))
    let conditional = Expression.conditional(
      Conditional(
        branches: [.init(condition: isZero, result: bigint(-1))],
        otherwise: quotient(column(0, .bigint)),
        type: .bigint
      )
    )
    let outcome = try evaluate(conditional, over: [numbers])
    #expect(outcome.texts == ["-1", "2", nil, "5"])
    #expect(outcome.errors.isEmpty)
    // A condition that fails makes its row fail, whatever comes after.
    let failing = Expression.conditional(
      Conditional(
        branches: [
          .init(
            condition: .comparison(
              Comparison(.equal, quotient(column(0, .bigint)), bigint(2))
            ),
            result: bigint(1)
          )
        ],
        otherwise: bigint(7),
        type: .bigint
      )
    )
    let failed = try evaluate(failing, over: [numbers])
    #expect(failed.texts == [nil, "1", "7", "7"])
    #expect(failed.errors.keys.sorted() == [0])
  }

  @Test func coalesceAndTry() throws {
    let numbers = flat([.integer(0), .integer(5), .null, .integer(2)], .bigint)
    let coalesce = Expression.coalesce(
      Coalesce([column(0, .bigint), bigint(9)], type: .bigint)
    )
    #expect(try evaluate(coalesce, over: [numbers]).texts == ["0", "5", "9", "2"])
    let attempt = Expression.attempt(quotient(column(0, .bigint)))
    let attempted = try evaluate(attempt, over: [numbers])
    #expect(attempted.texts == [nil, "2", nil, "5"])
    #expect(attempted.errors.isEmpty)
    let both = Expression.coalesce(Coalesce([attempt, bigint(-1)], type: .bigint))
    #expect(try evaluate(both, over: [numbers]).texts == ["-1", "2", "-1", "5"])
    let failing = Expression.coalesce(
      Coalesce([quotient(column(0, .bigint)), bigint(-1)], type: .bigint)
    )
    #expect(try evaluate(failing, over: [numbers]).errors.keys.sorted() == [0])
  }

  @Test func branchesInEveryEncoding() throws {
    var generator = SeededGenerator(seed: 3)
    for type in [SQLType.bigint, .text, .boolean, .decimal(precision: 30, scale: 2), .integer] {
      let a = randomValues(of: type, count: 40, using: &generator)
      let b = randomValues(of: type, count: 40, using: &generator)
      let less = Expression.comparison(Comparison(.less, column(0, type), column(1, type)))
      let equal = Expression.comparison(Comparison(.equal, column(0, type), column(1, type)))
      let conditional = Expression.conditional(
        Conditional(
          branches: [
            .init(condition: less, result: column(1, type)),
            .init(condition: equal, result: .null(type)),
          ],
          otherwise: column(0, type),
          type: type
        )
      )
      try expectSameInEveryEncoding(conditional, [(a, type), (b, type)])
      let coalesce = Expression.coalesce(
        Coalesce([column(0, type), column(1, type)], type: type)
      )
      try expectSameInEveryEncoding(coalesce, [(a, type), (b, type)])
    }
  }
}
