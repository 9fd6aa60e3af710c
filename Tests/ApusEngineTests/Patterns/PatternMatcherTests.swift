import ApusPlanner
import ApusValues
import Testing

@testable import ApusEngine

/// Random patterns over random rows give the match that trying all ways in the order of preference
/// finds first.
@Suite("PatternMatcher")
struct PatternMatcherTests {
  @Test(arguments: 0..<400)
  func findsThePreferredMatch(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<25 {
      let variableCount = Int.random(in: 1...3, using: &random)
      let rowCount = Int.random(in: 0...7, using: &random)
      let holds = (0..<variableCount).map { _ in
        (0..<rowCount).map { _ in Int.random(in: 0..<3, using: &random) > 0 }
      }
      let pattern = randomPattern(variableCount, depth: 3, &random)
      let start = Int.random(in: 0...max(rowCount - 1, 0), using: &random)
      guard start < rowCount else { continue }
      let reference = Backtracking(holds: holds, rowCount: rowCount)
      let expected = reference.match(pattern, from: start)
      var matcher = PatternMatcher(
        try PatternProgram(pattern),
        PatternMemory(),
        dependsOnMatch: Array(repeating: false, count: variableCount)
      )
      matcher.begin(at: start, in: 0..<rowCount)
      #expect(try matcher.run(LocalConditions(holding: holds)))
      var labels: [Int32] = []
      var exclusions: [Int] = []
      let length = matcher.writeMatch(labels: &labels, exclusions: &exclusions)
      #expect((length == nil) == (expected == nil), "\(pattern) over \(holds) from \(start)")
      if let expected { #expect(labels.map { Int($0) } == expected, "\(pattern) over \(holds)") }
    }
  }

  private func randomPattern(_ variableCount: Int, depth: Int, _ random: inout SeededGenerator)
    -> MatchRecognize.Pattern
  {
    func part() -> MatchRecognize.Pattern {
      randomPattern(variableCount, depth: depth - 1, &random)
    }
    switch depth == 0 ? 0 : Int.random(in: 0..<12, using: &random) {
    case 0, 1, 2: return .variable(Int.random(in: 0..<variableCount, using: &random))
    case 3, 4: return .sequence([part(), part()])
    case 5, 6: return .alternation([part(), part()])
    case 7: return .permutation([part(), part()])
    case 8: return Bool.random(using: &random) ? .partitionEnd : .partitionStart
    case 9: return .empty
    default:
      let atLeast = Int.random(in: 0...2, using: &random)
      return .repetition(
        part(),
        atLeast: atLeast,
        atMost: Bool.random(using: &random)
          ? nil : max(atLeast, Int.random(in: 1...3, using: &random)),
        isReluctant: Bool.random(using: &random)
      )
    }
  }

  @Test func permutationsComeInLexicographicalOrder() throws {
    let pattern = MatchRecognize.Pattern.permutation([.variable(0), .variable(1), .variable(2)])
    let all = Array(repeating: Array(repeating: true, count: 3), count: 3)
    for (holds, expected) in [
      (all, [0, 1, 2]),
      ([[true, true, true], [true, true, true], [true, false, false]], [2, 0, 1]),
      ([[false, true, true], [true, false, true], [true, true, false]], [1, 2, 0]),
    ] {
      var matcher = PatternMatcher(
        try PatternProgram(pattern),
        PatternMemory(),
        dependsOnMatch: [false, false, false]
      )
      matcher.begin(at: 0, in: 0..<3)
      #expect(try matcher.run(LocalConditions(holding: holds)))
      var labels: [Int32] = []
      var exclusions: [Int] = []
      #expect(matcher.writeMatch(labels: &labels, exclusions: &exclusions) == 3)
      #expect(labels.map { Int($0) } == expected)
    }
  }
}

/// Tries all ways through a pattern, the preferred first.
private struct Backtracking {
  let holds: [[Bool]]
  let rowCount: Int

  /// The variables of the rows of the first match.
  func match(_ pattern: MatchRecognize.Pattern, from start: Int) -> [Int]? {
    var found: [Int]?
    _ = attempt(pattern, start, []) { _, labels in
      found = labels
      return true
    }
    return found
  }

  private func attempt(
    _ pattern: MatchRecognize.Pattern,
    _ row: Int,
    _ labels: [Int],
    _ next: (Int, [Int]) -> Bool
  ) -> Bool {
    switch pattern {
    case .variable(let variable):
      guard row < rowCount, holds[variable][row] else { return false }
      return next(row + 1, labels + [variable])
    case .empty:
      return next(row, labels)
    case .partitionStart:
      return row == 0 && next(row, labels)
    case .partitionEnd:
      return row == rowCount && next(row, labels)
    case .exclusion(let part):
      return attempt(part, row, labels, next)
    case .sequence(let parts):
      return attempt(parts[...], row, labels, next)
    case .alternation(let parts):
      return parts.contains { attempt($0, row, labels, next) }
    case .permutation(let parts):
      return permutations(of: parts).contains { attempt($0[...], row, labels, next) }
    case .repetition(let part, let atLeast, let atMost, let isReluctant):
      return repeated(part, 0, atLeast, atMost, isReluctant, row, labels, next)
    }
  }

  private func attempt(
    _ parts: ArraySlice<MatchRecognize.Pattern>,
    _ row: Int,
    _ labels: [Int],
    _ next: (Int, [Int]) -> Bool
  ) -> Bool {
    guard let first = parts.first else { return next(row, labels) }
    return attempt(first, row, labels) { attempt(parts.dropFirst(), $0, $1, next) }
  }

  private func permutations(of parts: [MatchRecognize.Pattern]) -> [[MatchRecognize.Pattern]] {
    if parts.count <= 1 { return [parts] }
    return parts.indices.flatMap { index in
      var rest = parts
      let first = rest.remove(at: index)
      return permutations(of: rest).map { [first] + $0 }
    }
  }

  private func repeated(
    _ part: MatchRecognize.Pattern,
    _ count: Int,
    _ atLeast: Int,
    _ atMost: Int?,
    _ isReluctant: Bool,
    _ row: Int,
    _ labels: [Int],
    _ next: (Int, [Int]) -> Bool
  ) -> Bool {
    func again() -> Bool {
      if let atMost, count >= atMost { return false }
      return attempt(part, row, labels) { after, taken in
        if atMost == nil, after == row, count + 1 >= max(atLeast, 1) {
          // Nothing once more goes in a circle; for the first time it ends the loop.
          return count + 1 == max(atLeast, 1) && next(after, taken)
        }
        return repeated(part, count + 1, atLeast, atMost, isReluctant, after, taken, next)
      }
    }
    if count < atLeast { return again() }
    return isReluctant ? next(row, labels) || again() : again() || next(row, labels)
  }
}
