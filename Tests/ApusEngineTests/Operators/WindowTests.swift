import ApusEngine
import ApusPlanner
import ApusValues
import ApusVectors
import Testing

/// Window functions against a reference that looks at each row's partition from the beginning.
struct WindowTests {
  /// partition, order, value, text, a number that no two rows share
  private static let types: [SQLType] = [.text, .bigint, .bigint, .text, .bigint]

  private func input(_ count: Int) -> [[Value]] {
    randomRows(WindowTests.types, count: count, distinct: 8, seed: 11).enumerated()
      .map { Array($1.prefix(4)) + [.integer(Int64($0))] }
  }

  /// The rows of each partition in order: by the second column, NULLs last, then by number.
  private func partitions(_ rows: [[Value]]) -> [[[Value]]] {
    Dictionary(grouping: rows) { $0[0] }.values.map { partition in
      partition.sorted { a, b in
        if a[1] != b[1] { return b[1].isNull || (!a[1].isNull && Value.compare(a[1], b[1]) < 0) }
        return Value.compare(a[4], b[4]) < 0
      }
    }
  }

  /// A function to plan: its name, arguments as columns or numbers, result type and frame.
  private struct Function {
    var name: String
    var arguments: [Expression] = []
    var type: SQLType = .bigint
    var frame = Window.Frame.standard
    var ignoresNulls = false
    var filter: Expression?
  }

  private func run(
    _ rows0: [[Value]],
    _ shape: RunShape,
    isUnique: Bool,
    _ functions: (LogicalPlan) -> [Function]
  ) throws -> [[Value]] {
    var maker = PlanMaker()
    let scan = maker.scan(WindowTests.types, rows0)
    var order = [SortKey(scan[1], isAscending: true, nullsFirst: false)]
    if isUnique { order.append(SortKey(scan[4], isAscending: true, nullsFirst: false)) }
    let window = Window(
      input: scan,
      partitionBy: [scan[0]],
      orderBy: order,
      functions: functions(scan).map { function in
        .init(
          column: maker.column(function.type),
          function: .test(function.name, function.arguments.map(\.type), function.type),
          arguments: function.arguments,
          frame: function.frame,
          ignoresNulls: function.ignoresNulls,
          filter: function.filter
        )
      }
    )
    return sorted(try rows(of: .window(window), shape))
  }

  @Test(arguments: RunShape.all)
  func ranks(_ shape: RunShape) throws {
    let rows0 = input(150)
    let result = try run(rows0, shape, isUnique: false) { scan in
      [
        Function(name: "rank"), Function(name: "dense_rank"),
        Function(name: "percent_rank", type: .double),
        Function(name: "cume_dist", type: .double),
      ]
    }
    let expected = partitions(rows0).flatMap { partition in
      partition.map { row -> [Value] in
        let before = partition.firstIndex { $0[1] == row[1] } ?? 0
        let upTo = (partition.lastIndex { $0[1] == row[1] } ?? 0) + 1
        let keysBefore = Set(partition[..<before].map { $0[1] }).count
        let percent = partition.count == 1 ? 0 : Double(before) / Double(partition.count - 1)
        return row + [
          .integer(Int64(before + 1)), .integer(Int64(keysBefore + 1)), .double(percent),
          .double(Double(upTo) / Double(partition.count)),
        ]
      }
    }
    #expect(result == sorted(expected))
  }

  @Test(arguments: RunShape.all)
  func numbersAndNavigates(_ shape: RunShape) throws {
    let rows0 = input(150)
    let result = try run(rows0, shape, isUnique: true) { scan in
      [
        Function(name: "row_number"), Function(name: "ntile", arguments: [.bigint(4)]),
        Function(name: "lag", arguments: [scan[3]], type: .text),
        Function(name: "lead", arguments: [scan[2], .bigint(2), scan[4]]),
        Function(name: "lag", arguments: [scan[2], .bigint(2)], ignoresNulls: true),
        Function(name: "lead", arguments: [scan[3]], type: .text, ignoresNulls: true),
      ]
    }
    let expected = partitions(rows0).flatMap { partition in
      partition.enumerated().map { index, row -> [Value] in
        let tiles = (0..<4).flatMap { tile in
          Array(repeating: tile, count: partition.count / 4 + (tile < partition.count % 4 ? 1 : 0))
        }
        let values = partition[..<index].map { $0[2] }.filter { !$0.isNull }
        let texts = partition[(index + 1)...].map { $0[3] }.filter { !$0.isNull }
        return row + [
          .integer(Int64(index + 1)), .integer(Int64(tiles[index] + 1)),
          index > 0 ? partition[index - 1][3] : .null,
          index + 2 < partition.count ? partition[index + 2][2] : row[4],
          values.count > 1 ? values[values.count - 2] : .null, texts.first ?? .null,
        ]
      }
    }
    #expect(result == sorted(expected))
  }

  private static let frames: [Window.Frame] = {
    typealias Bound = Window.Frame.Bound
    let bounds: [Bound] = [
      .unboundedPreceding, .preceding(.bigint(2)), .currentRow, .following(.bigint(1)),
      .unboundedFollowing,
    ]
    return [.rows, .range, .groups].flatMap { unit in
      bounds.indices.dropLast().flatMap { start in
        bounds.indices.dropFirst().filter { $0 >= start }.map { end in
          Window.Frame(unit: unit, start: bounds[start], end: bounds[end])
        }
      }
    }
  }()

  /// The rows of a frame, by their places in the partition.
  private func members(of frame: Window.Frame, _ partition: [[Value]], at index: Int) -> [Int] {
    let keys = partition.map { $0[1] }
    let groups = keys.indices.map { index in Set(keys[..<index].filter { $0 != keys[index] }).count
    }
    /// How far a row is behind the current one, in the frame's unit; nil if that is undefined.
    func distance(_ other: Int) -> Int? {
      switch frame.unit {
      case .rows: return other - index
      case .groups: return groups[other] - groups[index]
      case .range:
        guard case (.integer(let a), .integer(let b)) = (keys[other], keys[index]) else {
          return keys[other] == keys[index] ? 0 : nil
        }
        return Int(a - b)
      }
    }
    func isAfterStart(_ other: Int) -> Bool {
      switch frame.start {
      case .unboundedPreceding: true
      case .preceding: distance(other).map { $0 >= -2 && !(keys[index].isNull && $0 != 0) } ?? false
      case .currentRow: distance(other).map { $0 >= 0 } ?? (other > index)
      case .following: distance(other).map { $0 >= (keys[index].isNull ? 0 : 1) } ?? false
      case .unboundedFollowing: false
      }
    }
    func isBeforeEnd(_ other: Int) -> Bool {
      switch frame.end {
      case .unboundedPreceding: false
      case .preceding:
        distance(other).map { $0 <= (keys[index].isNull ? 0 : -2) } ?? (other < index)
      case .currentRow: distance(other).map { $0 <= 0 } ?? (other < index)
      case .following: distance(other).map { $0 <= (keys[index].isNull ? 0 : 1) } ?? (other < index)
      case .unboundedFollowing: true
      }
    }
    return partition.indices.filter { isAfterStart($0) && isBeforeEnd($0) }
  }

  @Test(arguments: RunShape.all)
  func aggregatesFrames(_ shape: RunShape) throws {
    // NULLs among the keys of RANGE frames with offsets have their own rules, tested below.
    let rows0 = input(70).filter { !$0[1].isNull }
    for frame in WindowTests.frames {
      let isRows = frame.unit == .rows
      let result = try run(rows0, shape, isUnique: isRows) { scan in
        [
          Function(name: "test_sum", arguments: [scan[2]], frame: frame),
          Function(
            name: "test_count",
            frame: frame,
            filter: .compare(.greater, scan[2], .bigint(2))
          ),
          Function(
            name: isRows ? "first_value" : "test_max",
            arguments: [scan[3]],
            type: .text,
            frame: frame
          ),
          Function(
            name: isRows ? "nth_value" : "test_sum",
            arguments: isRows ? [scan[2], .bigint(2)] : [scan[2]],
            frame: frame,
            ignoresNulls: isRows
          ),
        ]
      }
      let expected = partitions(rows0).flatMap { partition in
        partition.indices.map { index -> [Value] in
          let members = members(of: frame, partition, at: index).map { partition[$0] }
          let numbers = members.compactMap { row -> Int64? in
            if case .integer(let value) = row[2] { value } else { nil }
          }
          let texts = members.compactMap { row -> String? in
            if case .text(let value) = row[3] { value } else { nil }
          }
          let sum: Value = numbers.isEmpty ? .null : .integer(numbers.reduce(0, +))
          let maximum: Value = texts.max().map { .text($0) } ?? .null
          let second: Value = numbers.count > 1 ? .integer(numbers[1]) : .null
          return partition[index] + [
            sum, .integer(Int64(numbers.filter { $0 > 2 }.count)),
            isRows ? members.first?[3] ?? .null : maximum, isRows ? second : sum,
          ]
        }
      }
      #expect(result == sorted(expected), "\(frame)")
    }
  }

  @Test(arguments: RunShape.all)
  func showsPeersToNullKeysOfRanges(_ shape: RunShape) throws {
    let keys: [Value] = [.integer(1), .integer(2), .integer(5), .null, .null]
    let rows0 = keys.enumerated().map { [.null, $1, .integer(1), .null, .integer(Int64($0))] }
    let frame = Window.Frame(
      unit: .range,
      start: .preceding(.bigint(1)),
      end: .following(.bigint(3))
    )
    let result = try run(rows0, shape, isUnique: false) { scan in
      [Function(name: "test_sum", arguments: [scan[2]], frame: frame)]
    }
    let sums = [2, 3, 1, 2, 2].map { Value.integer($0) }
    #expect(result == sorted(zip(rows0, sums).map { $0 + [$1] }))
  }

  @Test(arguments: RunShape.all)
  func worksWithoutPartitionsAndRows(_ shape: RunShape) throws {
    #expect(
      try run([], shape, isUnique: true) { _ in [Function(name: "row_number")] } == []
    )
    var maker = PlanMaker()
    let scan = maker.scan([.bigint], integers(0..<500))
    let window = Window(
      input: scan,
      partitionBy: [],
      orderBy: [],
      functions: [
        .init(
          column: maker.column(.bigint),
          function: .sum,
          arguments: [scan[0]],
          frame: .standard
        )
      ]
    )
    let expected = (0..<500).map { [Value.integer($0), .integer(124_750)] }
    #expect(sorted(try rows(of: .window(window), shape)) == sorted(expected))
  }

  @Test
  func refusesWrongArguments() throws {
    let rows0 = input(10)
    func code(_ function: Function) throws -> ErrorCode? {
      do {
        _ = try run(rows0, RunShape(workers: 2, capacity: 100), isUnique: true) { _ in [function] }
        return nil
      } catch let error as SQLError { return error.code }
    }
    let negative = Window.Frame(unit: .rows, start: .preceding(.bigint(-1)), end: .currentRow)
    #expect(try code(Function(name: "test_count", frame: negative)) == .invalidWindowFrame)
    let tiles = Function(name: "ntile", arguments: [.bigint(0)])
    #expect(try code(tiles) == .invalidFunctionArgument)
    let lag = Function(name: "lag", arguments: [.bigint(1), .bigint(-1)])
    #expect(try code(lag) == .invalidFunctionArgument)
  }
}
