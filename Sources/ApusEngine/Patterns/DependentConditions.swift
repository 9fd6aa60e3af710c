import ApusValues
import ApusVectors

/// Evaluates the parts of conditions that depend on the match so far, for the questions of many matchers
/// at once.
struct DependentConditions {
  let specification: MatchSpecification
  let rows: SortedPartitions

  private struct Question {
    var search: PartitionSearch
    var position: Int
    var variable: Int
  }

  /// Answers the questions that the matchers of searches have.
  ///
  /// - Throws: the error of a condition.
  func answer(_ searches: [PartitionSearch]) throws(SQLError) {
    var questions = [[Question]](repeating: [], count: specification.conditions.count)
    for search in searches {
      for position in search.matcher.questions {
        let variable = search.matcher.variable(ofQuestion: position)
        questions[variable].append(
          Question(search: search, position: position, variable: variable)
        )
      }
    }
    for (variable, questions) in questions.enumerated() where !questions.isEmpty {
      guard let condition = specification.conditions[variable]?.dependent else { continue }
      var columns: [ColumnVector] = []
      for input in condition.inputs { columns.append(try column(input, questions)) }
      var errors = RowErrors()
      let result = try condition.expression.evaluate(
        Batch(columns: columns, rowCount: questions.count),
        rows: .all(questions.count),
        errors: &errors
      )
      try errors.raise()
      for question in questions { question.search.answer(question.position, false) }
      Selection.all(questions.count).intersection(whereTrue: result).visitRows { row in
        questions[row].search.answer(questions[row].position, true)
      }
    }
  }

  private func column(_ input: MatchInput, _ questions: [Question]) throws(SQLError)
    -> ColumnVector
  {
    switch input.source {
    case .value(let column, let navigation):
      return gather(
        rows.columns[column],
        questions.map { $0.search.matcher.row(navigation, question: $0.position, $0.variable) }
      )
    case .classifier(let navigation):
      return gather(
        specification.names,
        questions.map { $0.search.matcher.label(navigation, question: $0.position, $0.variable) }
      )
    case .matchNumber:
      return .bigints(questions.map(\.search.matchNumber))
    case .aggregate(let aggregate):
      var results: [ColumnVector] = []
      for question in questions {
        let (state, taken, labels) = try question.search.aggregate(
          aggregate,
          question: question.position,
          question.variable
        )
        let numbers = Array(repeating: question.search.matchNumber, count: taken.count)
        let arguments = try aggregate.arguments(rows, taken, labels, numbers, specification.names)
        let groups = [Int32](repeating: 0, count: taken.count)
        try groups.withUnsafeBufferPointer { (groups) throws(SQLError) in
          try state.accumulator.update(groups: groups, arguments: arguments)
        }
        results.append(try state.accumulator.finish(0..<1))
      }
      return .concatenated(results, type: input.type)
    }
  }

  private func gather(_ vector: ColumnVector, _ positions: [Int32]) -> ColumnVector {
    positions.withUnsafeBufferPointer { vector.gather($0, mayBeNegative: true) }
  }
}

extension MatchAggregate {
  /// Evaluates the arguments for rows of matches.
  ///
  /// - Parameters:
  ///   - taken: sorted rows.
  ///   - labels: the variable of each.
  ///   - numbers: the number of each one's match.
  func arguments(
    _ rows: SortedPartitions,
    _ taken: [Int32],
    _ labels: [Int32],
    _ numbers: [Int64],
    _ names: ColumnVector
  ) throws(SQLError) -> [ColumnVector] {
    var values = taken.withUnsafeBufferPointer { taken in
      columns.map { rows.columns[$0].gather(taken) }
    }
    if readsClassifier { values.append(labels.withUnsafeBufferPointer { names.gather($0) }) }
    if readsMatchNumber { values.append(.bigints(numbers)) }
    return try arguments.evaluated(Batch(columns: values, rowCount: taken.count))
  }
}

extension ColumnVector {
  static func bigints(_ values: [Int64]) -> ColumnVector {
    let builder = VectorBuilder(type: .bigint, capacity: values.count)
    let output = builder.values(as: Int64.self)
    for (row, value) in values.enumerated() { output[row] = value }
    return builder.finish(count: values.count)
  }
}
