import ApusPlanner
import ApusValues
import ApusVectors

/// What a window node computes, prepared for all its workers.
///
/// Columns are named by their positions among those of `partitions`.
struct WindowSpecification: Sendable {
  var partitions: PartitionSpecification
  var functions: [Function]
  var observer: (any CallObserver)?

  struct Function: Sendable {
    var function: BoundFunction
    var computation: Computation
    var type: SQLType
    var arguments: [Int]
    /// A boolean column: rows that an aggregate counts.
    var filter: Int?
    var frame: Frame
    var ignoresNulls: Bool
  }

  enum Computation: Sendable {
    case ranking(Ranking)
    case navigation(Navigation)
    case aggregate(AggregateOverload, BoundFunction, [CompiledLambda])
  }

  /// Functions of a row's place in its partition.
  enum Ranking: String, Sendable {
    case rowNumber = "row_number"
    case rank
    case denseRank = "dense_rank"
    case percentRank = "percent_rank"
    case cumulativeDistribution = "cume_dist"
    case ntile
  }

  /// Functions that give another row's value.
  enum Navigation: String, Sendable {
    case lag
    case lead
    case firstValue = "first_value"
    case lastValue = "last_value"
    case nthValue = "nth_value"
  }

  struct Frame: Sendable {
    var unit: Window.Frame.Unit
    var start: Bound
    var end: Bound
  }

  /// For RANGE with an offset: the order key, and the value that the offset leads to from it.
  struct Limit: Sendable {
    var key: Int
    var value: Int
  }

  enum Bound: Sendable {
    case unboundedPreceding
    case preceding(offset: Int, limit: Limit?)
    case currentRow
    case following(offset: Int, limit: Limit?)
    case unboundedFollowing
  }

  /// The columns that functions read.
  var readColumns: Set<Int> {
    var columns: Set<Int> = []
    for function in functions {
      columns.formUnion(function.arguments)
      if let filter = function.filter { columns.insert(filter) }
      for bound in [function.frame.start, function.frame.end] {
        switch bound {
        case .preceding(let offset, let limit), .following(let offset, let limit):
          columns.insert(offset)
          if let limit { columns.formUnion([limit.key, limit.value]) }
        case .unboundedPreceding, .currentRow, .unboundedFollowing: break
        }
      }
    }
    return columns
  }
}
