import ApusValues
import ApusVectors

/// Tells scans what the filter above them asks of single columns, so that they skip partitions,
/// files and row groups. The filter stays.
///
///     Filter[month = 1]       Filter[month = 1]
///     └─ Scan            →    └─ Scan[month IN {1}]
struct DeriveScanDomains: OptimizerRule {
  let name = "derive_scan_domains"

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    try plan.transformUp { node throws(SQLError) in
      guard case .filter(var filter) = node, case .scan(var scan) = filter.input else {
        return node
      }
      let positions = Dictionary(
        zip(scan.output.map(\.id), scan.sourceIndices),
        uniquingKeysWith: { first, _ in first }
      )
      for conjunct in filter.predicate.conjuncts {
        guard let (column, domain) = domain(of: conjunct), let position = positions[column.id]
        else { continue }
        scan.domains[position] = scan.domains[position]?.intersection(domain) ?? domain
      }
      filter.input = .scan(scan)
      return .filter(filter)
    }
  }

  /// The values of one column for which a condition is true and no others; nil if it is none of the
  /// simple ones for which there are such.
  func exactDomain(of condition: Expression) -> (PlanColumn, ColumnDomain)? {
    switch condition {
    case .comparison, .inList, .isNull, .not(.isNull): domain(of: condition)
    default: nil
    }
  }

  /// The values of one column for which a condition may be true, nil if it says nothing simple.
  func domain(of condition: Expression) -> (PlanColumn, ColumnDomain)? {
    switch condition {
    case .comparison(let comparison):
      if case .column(let column) = comparison.left, case .literal(let literal) = comparison.right {
        return domain(column, comparison.op, literal.value)
      }
      if case .column(let column) = comparison.right, case .literal(let literal) = comparison.left {
        return domain(column, comparison.op.mirrored, literal.value)
      }
      return nil
    case .inList(let inList):
      guard case .column(let column) = inList.operand else { return nil }
      var ranges: [ColumnDomain.Range] = []
      for item in inList.list {
        guard case .literal(let literal) = item else { return nil }
        if !literal.value.isNull { ranges.append(.exactly(literal.value)) }
      }
      return (column, ColumnDomain(type: column.type, allowsNull: false, ranges: ranges))
    case .like(let like):
      guard case .column(let column) = like.operand, column.type.isVarchar, like.escape == nil,
        case .literal(let literal) = like.pattern, case .text(let pattern) = literal.value,
        let range = texts(like: pattern)
      else { return nil }
      return (column, ColumnDomain(type: column.type, allowsNull: false, ranges: [range]))
    case .isNull(.column(let column)):
      return (column, ColumnDomain(type: column.type, allowsNull: true, ranges: []))
    case .not(.isNull(.column(let column))):
      let all = ColumnDomain.Range(lower: nil, upper: nil)
      return (column, ColumnDomain(type: column.type, allowsNull: false, ranges: [all]))
    case .logical(let logical) where logical.op == .or:
      return alternatives(logical.terms)
    case .logical(let logical):
      // A conjunction inside an alternative: what any of its terms says of one column holds.
      return logical.terms.lazy.compactMap { domain(of: $0) }.first
    default:
      return nil
    }
  }

  /// The texts that begin as a pattern of LIKE does: `'ab%'` lies in ['ab', 'ac').
  private func texts(like pattern: String) -> ColumnDomain.Range? {
    let prefix = pattern.unicodeScalars.prefix { $0 != "%" && $0 != "_" }
    if prefix.count == pattern.unicodeScalars.count { return .exactly(.text(pattern)) }
    guard let last = prefix.last else { return nil }
    // U+D800 to U+DFFF are no scalars.
    let next = Unicode.Scalar(last.value + 1) ?? Unicode.Scalar(last.value + 0x801)
    let lower = String(String.UnicodeScalarView(prefix))
    guard let next else { return ColumnDomain.Range(lower: .text(lower), upper: nil) }
    var upper = String.UnicodeScalarView(prefix.dropLast())
    upper.append(next)
    return ColumnDomain.Range(
      lower: .text(lower),
      upper: .text(String(upper)),
      upperIsInclusive: false
    )
  }

  /// The union of what alternatives say of one and the same column.
  private func alternatives(_ terms: [Expression]) -> (PlanColumn, ColumnDomain)? {
    var result: (PlanColumn, ColumnDomain)?
    for term in terms {
      guard let (column, domain) = domain(of: term) else { return nil }
      guard var (known, sum) = result else {
        result = (column, domain)
        continue
      }
      guard known == column else { return nil }
      sum.ranges += domain.ranges
      sum.allowsNull = sum.allowsNull || domain.allowsNull
      known = column
      result = (known, sum)
    }
    return result
  }

  private func domain(_ column: PlanColumn, _ op: Comparison.Operator, _ value: Value)
    -> (PlanColumn, ColumnDomain)?
  {
    func ranges(_ ranges: ColumnDomain.Range...) -> (PlanColumn, ColumnDomain) {
      (column, ColumnDomain(type: column.type, allowsNull: false, ranges: ranges))
    }
    if value.isNull {
      return op == .isDistinctFrom
        ? nil : (column, ColumnDomain(type: column.type, allowsNull: false, ranges: []))
    }
    if case .double(let number) = value, number.isNaN { return nil }
    if case .real(let number) = value, number.isNaN { return nil }
    switch op {
    case .equal: return ranges(.exactly(value))
    case .less:
      return ranges(ColumnDomain.Range(lower: nil, upper: value, upperIsInclusive: false))
    case .lessOrEqual: return ranges(ColumnDomain.Range(lower: nil, upper: value))
    case .greater:
      return ranges(ColumnDomain.Range(lower: value, lowerIsInclusive: false, upper: nil))
    case .greaterOrEqual: return ranges(ColumnDomain.Range(lower: value, upper: nil))
    case .notEqual, .isDistinctFrom: return nil
    }
  }
}

extension ColumnDomain {
  /// The values that both domains allow.
  func intersection(_ other: ColumnDomain) -> ColumnDomain {
    var result = self
    result.allowsNull = allowsNull && other.allowsNull
    result.ranges = ranges.flatMap { range in
      other.ranges.compactMap { range.intersection($0) }
    }
    return result
  }
}

extension ColumnDomain.Range {
  /// The values in both ranges, nil if there are none.
  func intersection(_ other: ColumnDomain.Range) -> ColumnDomain.Range? {
    var result = self
    if let lower = other.lower {
      let order = result.lower.map { Value.compare($0, lower) } ?? -1
      if order < 0 {
        result.lower = lower
        result.lowerIsInclusive = other.lowerIsInclusive
      } else if order == 0 {
        result.lowerIsInclusive = lowerIsInclusive && other.lowerIsInclusive
      }
    }
    if let upper = other.upper {
      let order = result.upper.map { Value.compare($0, upper) } ?? 1
      if order > 0 {
        result.upper = upper
        result.upperIsInclusive = other.upperIsInclusive
      } else if order == 0 {
        result.upperIsInclusive = upperIsInclusive && other.upperIsInclusive
      }
    }
    guard let lower = result.lower, let upper = result.upper else { return result }
    let order = Value.compare(lower, upper)
    if order > 0 { return nil }
    return order < 0 || (result.lowerIsInclusive && result.upperIsInclusive) ? result : nil
  }
}
