public import ApusValues

/// Is anything that gives a value.
///
/// Chains of AND and OR are flat (`LogicalExpression.terms`). Every other chain leans to the left,
/// and the parser refuses trees that are higher than `SyntaxLimits.treeHeight`, so that walking a
/// tree by recursion is safe.
public indirect enum Expression: SyntaxNode {
  /// `price`: a column, an alias, a lambda's parameter.
  case identifier(Identifier)
  /// `orders.price`, `address.city`, `f(x).city`.
  case dereference(DereferenceExpression)
  case null(NullLiteral)
  case boolean(BooleanLiteral)
  case integer(IntegerLiteral)
  case decimal(DecimalLiteral)
  case double(DoubleLiteral)
  case string(StringLiteral)
  case binary(BinaryLiteral)
  case typed(TypedLiteral)
  case interval(IntervalLiteral)
  case parameter(Parameter)
  case unary(UnaryExpression)
  case arithmetic(ArithmeticExpression)
  case comparison(ComparisonExpression)
  case distinctFrom(DistinctFromExpression)
  case logical(LogicalExpression)
  case not(NotExpression)
  case between(BetweenExpression)
  case inList(InListExpression)
  case inSubquery(InSubqueryExpression)
  case like(LikeExpression)
  case isNull(IsNullExpression)
  case truthTest(TruthTestExpression)
  case exists(ExistsExpression)
  case subquery(SubqueryExpression)
  case quantifiedComparison(QuantifiedComparisonExpression)
  case simpleCase(SimpleCaseExpression)
  case searchedCase(SearchedCaseExpression)
  case cast(CastExpression)
  case call(FunctionCall)
  /// `top OVER w`: a measure of a row pattern in a window.
  case windowMeasure(WindowMeasure)
  case lambda(LambdaExpression)
  case array(ArrayExpression)
  case row(RowExpression)
  case `subscript`(SubscriptExpression)
  case extract(ExtractExpression)
  case atTimeZone(AtTimeZoneExpression)
  case currentTime(CurrentTimeExpression)
  case currentName(CurrentNameExpression)
  case grouping(GroupingExpression)
  case jsonExists(JSONExistsExpression)
  case jsonValue(JSONValueExpression)
  case jsonQuery(JSONQueryExpression)
  case jsonObject(JSONObjectExpression)
  case jsonArray(JSONArrayExpression)

  public var range: SourceRange {
    switch self {
    case .identifier(let node): node.range
    case .dereference(let node): node.range
    case .null(let node): node.range
    case .boolean(let node): node.range
    case .integer(let node): node.range
    case .decimal(let node): node.range
    case .double(let node): node.range
    case .string(let node): node.range
    case .binary(let node): node.range
    case .typed(let node): node.range
    case .interval(let node): node.range
    case .parameter(let node): node.range
    case .unary(let node): node.range
    case .arithmetic(let node): node.range
    case .comparison(let node): node.range
    case .distinctFrom(let node): node.range
    case .logical(let node): node.range
    case .not(let node): node.range
    case .between(let node): node.range
    case .inList(let node): node.range
    case .inSubquery(let node): node.range
    case .like(let node): node.range
    case .isNull(let node): node.range
    case .truthTest(let node): node.range
    case .exists(let node): node.range
    case .subquery(let node): node.range
    case .quantifiedComparison(let node): node.range
    case .simpleCase(let node): node.range
    case .searchedCase(let node): node.range
    case .cast(let node): node.range
    case .call(let node): node.range
    case .windowMeasure(let node): node.range
    case .lambda(let node): node.range
    case .array(let node): node.range
    case .row(let node): node.range
    case .subscript(let node): node.range
    case .extract(let node): node.range
    case .atTimeZone(let node): node.range
    case .currentTime(let node): node.range
    case .currentName(let node): node.range
    case .grouping(let node): node.range
    case .jsonExists(let node): node.range
    case .jsonValue(let node): node.range
    case .jsonQuery(let node): node.range
    case .jsonObject(let node): node.range
    case .jsonArray(let node): node.range
    }
  }
}
