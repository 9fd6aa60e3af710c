public import ApusValues

/// Is `GRANT SELECT ON t TO USER ada WITH GRANT OPTION`.
public struct GrantStatement: SyntaxNode {
  /// Empty for ALL PRIVILEGES.
  public var privileges: [Privilege]
  public var object: AccessObject
  public var grantee: Principal
  public var withGrantOption: Bool
  @SourcePlace public var range: SourceRange

  public init(
    privileges: [Privilege] = [],
    object: AccessObject,
    grantee: Principal,
    withGrantOption: Bool = false,
    range: SourceRange
  ) {
    self.privileges = privileges
    self.object = object
    self.grantee = grantee
    self.withGrantOption = withGrantOption
    self.range = range
  }
}

/// Is `REVOKE GRANT OPTION FOR SELECT ON t FROM USER ada`.
public struct RevokeStatement: SyntaxNode {
  public var grantOptionOnly: Bool
  /// Empty for ALL PRIVILEGES.
  public var privileges: [Privilege]
  public var object: AccessObject
  public var grantee: Principal
  @SourcePlace public var range: SourceRange

  public init(
    grantOptionOnly: Bool = false,
    privileges: [Privilege] = [],
    object: AccessObject,
    grantee: Principal,
    range: SourceRange
  ) {
    self.grantOptionOnly = grantOptionOnly
    self.privileges = privileges
    self.object = object
    self.grantee = grantee
    self.range = range
  }
}

/// Is `DENY SELECT ON t TO ROLE guests`.
public struct DenyStatement: SyntaxNode {
  /// Empty for ALL PRIVILEGES.
  public var privileges: [Privilege]
  public var object: AccessObject
  public var grantee: Principal
  @SourcePlace public var range: SourceRange

  public init(
    privileges: [Privilege] = [],
    object: AccessObject,
    grantee: Principal,
    range: SourceRange
  ) {
    self.privileges = privileges
    self.object = object
    self.grantee = grantee
    self.range = range
  }
}

/// Is what can be allowed on a table or a database.
public enum Privilege: String, Hashable, Sendable, CaseIterable {
  case select = "SELECT"
  case insert = "INSERT"
  case update = "UPDATE"
  case delete = "DELETE"
  case create = "CREATE"
}

/// Is what a privilege is for.
public enum AccessObject: Hashable, Sendable {
  case table(QualifiedName)
  case database(QualifiedName)
}

/// Is a user or a role.
public enum Principal: Hashable, Sendable {
  /// A name that says neither USER nor ROLE.
  case unspecified(Identifier)
  case user(Identifier)
  case role(Identifier)
  case currentUser
  case currentRole
}

/// Is `GRANT analysts TO USER ada WITH ADMIN OPTION`.
public struct GrantRolesStatement: SyntaxNode {
  /// Never empty.
  public var roles: [Identifier]
  /// Never empty.
  public var grantees: [Principal]
  public var withAdminOption: Bool
  public var grantedBy: Principal?
  public var catalog: Identifier?
  @SourcePlace public var range: SourceRange

  public init(
    roles: [Identifier],
    grantees: [Principal],
    withAdminOption: Bool = false,
    grantedBy: Principal? = nil,
    catalog: Identifier? = nil,
    range: SourceRange
  ) {
    self.roles = roles
    self.grantees = grantees
    self.withAdminOption = withAdminOption
    self.grantedBy = grantedBy
    self.catalog = catalog
    self.range = range
  }
}

/// Is `REVOKE ADMIN OPTION FOR analysts FROM USER ada`.
public struct RevokeRolesStatement: SyntaxNode {
  public var adminOptionOnly: Bool
  /// Never empty.
  public var roles: [Identifier]
  /// Never empty.
  public var grantees: [Principal]
  public var grantedBy: Principal?
  public var catalog: Identifier?
  @SourcePlace public var range: SourceRange

  public init(
    adminOptionOnly: Bool = false,
    roles: [Identifier],
    grantees: [Principal],
    grantedBy: Principal? = nil,
    catalog: Identifier? = nil,
    range: SourceRange
  ) {
    self.adminOptionOnly = adminOptionOnly
    self.roles = roles
    self.grantees = grantees
    self.grantedBy = grantedBy
    self.catalog = catalog
    self.range = range
  }
}

/// Is `CREATE ROLE analysts`.
public struct CreateRoleStatement: SyntaxNode {
  public var name: Identifier
  public var admin: Principal?
  public var catalog: Identifier?
  @SourcePlace public var range: SourceRange

  public init(
    name: Identifier,
    admin: Principal? = nil,
    catalog: Identifier? = nil,
    range: SourceRange
  ) {
    self.name = name
    self.admin = admin
    self.catalog = catalog
    self.range = range
  }
}

/// Is `DROP ROLE analysts`.
public struct DropRoleStatement: SyntaxNode {
  public var name: Identifier
  public var catalog: Identifier?
  @SourcePlace public var range: SourceRange

  public init(name: Identifier, catalog: Identifier? = nil, range: SourceRange) {
    self.name = name
    self.catalog = catalog
    self.range = range
  }
}

/// Is `SET ROLE analysts`, `SET ROLE ALL` or `SET ROLE NONE`.
public struct SetRoleStatement: SyntaxNode {
  public var role: RoleChoice
  public var catalog: Identifier?
  @SourcePlace public var range: SourceRange

  public init(role: RoleChoice, catalog: Identifier? = nil, range: SourceRange) {
    self.role = role
    self.catalog = catalog
    self.range = range
  }
}

/// Says which roles a session acts in.
public enum RoleChoice: Hashable, Sendable {
  case all
  case none
  case named(Identifier)
}
