import ApusValues
import ApusVectors

/// Computes the rows that matches put out, with their measures.
struct MatchOutput {
  private let specification: MatchSpecification
  private let rows: SortedPartitions
  private let matches: [MatchCollector.Match]
  private let labels: [Int32]
  private let output: [MatchCollector.Row]
  private let context: WorkerContext

  init(
    _ specification: MatchSpecification,
    _ rows: SortedPartitions,
    _ collector: MatchCollector,
    _ context: WorkerContext
  ) {
    self.specification = specification
    self.rows = rows
    matches = collector.matches
    labels = collector.labels
    output = collector.rows
    self.context = context
  }

  /// - Throws: the error of a measure.
  func batch() throws(SQLError) -> Batch {
    let sources = output.map(\.source)
    var columns = sources.withUnsafeBufferPointer { sources in
      specification.passed.map { rows.columns[$0].gather(sources) }
    }
    if !specification.measures.isEmpty { columns += try measures() }
    if specification.search != nil { columns += frames() }
    return Batch(columns: columns, rowCount: output.count)
  }

  /// The order of the rows, and how many rows on their matches begin and end.
  private func frames() -> [ColumnVector] {
    var firsts = [Int64](repeating: 1, count: output.count)
    var lasts = [Int64](repeating: 0, count: output.count)
    for match in matches where !match.labels.isEmpty {
      for row in match.rows {
        firsts[row] = Int64(match.start) - Int64(output[row].source)
        lasts[row] = firsts[row] + Int64(match.labels.count - 1)
      }
    }
    return [.bigints(output.map { Int64($0.source) }), .bigints(firsts), .bigints(lasts)]
  }

  private func measures() throws(SQLError) -> [ColumnVector] {
    var columns: [ColumnVector] = []
    for input in specification.inputs { columns.append(try column(input)) }
    let batch = Batch(columns: columns, rowCount: output.count)
    let unmatched = matches.contains { $0.isUnmatched }
    guard unmatched else { return try specification.measures.evaluated(batch) }
    // Rows without a match have no measures.
    var places = [Int32](repeating: -1, count: output.count)
    var kept: [Int32] = []
    for match in matches where !match.isUnmatched {
      for row in match.rows {
        places[row] = Int32(truncatingIfNeeded: row)
        kept.append(places[row])
      }
    }
    let selection = Selection(rowCount: output.count, indices: kept)
    var results: [ColumnVector] = []
    var errors = RowErrors()
    for measure in specification.measures {
      let values = try measure.evaluate(batch, rows: selection, errors: &errors)
      try errors.raise(for: selection)
      results.append(
        places.withUnsafeBufferPointer { values.gather($0, mayBeNegative: true) }
      )
    }
    return results
  }

  private func column(_ input: MatchInput) throws(SQLError) -> ColumnVector {
    switch input.source {
    case .value(let column, let navigation):
      return positions(navigation) { match, row in
        match.partition.contains(row) ? Int32(truncatingIfNeeded: row) : -1
      }.withUnsafeBufferPointer { rows.columns[column].gather($0, mayBeNegative: true) }
    case .classifier(let navigation):
      return positions(navigation) { match, row in
        let label = match.labels.lowerBound + row - match.start
        return match.labels.contains(label) ? labels[label] : -1
      }.withUnsafeBufferPointer { specification.names.gather($0, mayBeNegative: true) }
    case .matchNumber:
      var numbers: [Int64] = []
      for match in matches {
        numbers.append(contentsOf: repeatElement(match.number, count: match.rows.count))
      }
      return .bigints(numbers)
    case .aggregate(let aggregate):
      return try values(of: aggregate, input.type)
    }
  }

  /// Follows a navigation from each row of the output.
  ///
  /// - Parameter result: what to make of the row that it leads to.
  private func positions(
    _ navigation: MatchNavigation,
    _ result: (MatchCollector.Match, Int) -> Int32
  ) -> [Int32] {
    var positions = [Int32](repeating: -1, count: output.count)
    var found: [Int] = []
    for match in matches where !match.labels.isEmpty {
      found.removeAll(keepingCapacity: true)
      var scanned = match.labels.lowerBound
      for row in match.rows {
        // The first rows are those of the whole match, as the last ones are in FINAL.
        let sight =
          navigation.isFirst || navigation.isFinal
          ? match.labels.upperBound : match.labels.lowerBound + Int(output[row].current) + 1
        while scanned < sight {
          if navigation.counts(labels[scanned]) {
            found.append(match.start + scanned - match.labels.lowerBound)
          }
          scanned += 1
        }
        let place = navigation.isFirst ? navigation.offset : found.count - 1 - navigation.offset
        guard found.indices.contains(place) else { continue }
        positions[row] = result(match, found[place] + navigation.rowOffset)
      }
    }
    return positions
  }

  /// Computes an aggregate for each row of the output: over the rows of its match that count, one after
  /// another in a list of all matches, up to the current one.
  private func values(of aggregate: MatchAggregate, _ type: SQLType) throws(SQLError)
    -> ColumnVector
  {
    var taken: [Int32] = []
    var takenLabels: [Int32] = []
    var numbers: [Int64] = []
    var frames = WindowFrames(starts: [], ends: [])
    for match in matches {
      let start = taken.count
      var scanned = match.labels.lowerBound
      for row in match.rows {
        let sight =
          aggregate.isFinal || match.labels.isEmpty
          ? match.labels.upperBound : match.labels.lowerBound + Int(output[row].current) + 1
        while scanned < sight {
          if aggregate.counts(labels[scanned]) {
            let source = match.start + scanned - match.labels.lowerBound
            taken.append(Int32(truncatingIfNeeded: source))
            takenLabels.append(labels[scanned])
            numbers.append(match.number)
          }
          scanned += 1
        }
        frames.starts.append(Int32(truncatingIfNeeded: start))
        frames.ends.append(Int32(truncatingIfNeeded: taken.count))
      }
    }
    let arguments = try aggregate.arguments(rows, taken, takenLabels, numbers, specification.names)
    return try FrameAggregation(context: context).aggregate(
      frames,
      arguments: arguments.map { $0.flattened() },
      type: type
    ) { () throws(SQLError) in
      try aggregate.makeAccumulator()
    }
  }
}
