import ApusValues

// Grammar/Statements/Access.grammar.
extension Parser {
  /// Reads GRANT of privileges or of roles.
  mutating func parseGrant() throws(SQLError) -> Statement {
    let start = index
    try expect(.grant)
    guard startsPrivileges else {
      let roles = try parseRoleNames()
      try expect(.to)
      let grantees = try parsePrincipals()
      let withAdminOption = accept(.with)
      if withAdminOption {
        try expect(.admin)
        try expect(.option)
      }
      let (grantedBy, catalog) = try parseGrantor()
      return .grantRoles(
        GrantRolesStatement(
          roles: roles,
          grantees: grantees,
          withAdminOption: withAdminOption,
          grantedBy: grantedBy,
          catalog: catalog,
          range: range(from: start)
        )
      )
    }
    let privileges = try parsePrivileges()
    let object = try parseAccessObject()
    try expect(.to)
    let grantee = try parsePrincipal()
    let withGrantOption = accept(.with)
    if withGrantOption {
      try expect(.grant)
      try expect(.option)
    }
    return .grant(
      GrantStatement(
        privileges: privileges,
        object: object,
        grantee: grantee,
        withGrantOption: withGrantOption,
        range: range(from: start)
      )
    )
  }

  /// Reads REVOKE of privileges or of roles.
  mutating func parseRevoke() throws(SQLError) -> Statement {
    let start = index
    try expect(.revoke)
    let isOption = peek().kind == .keyword(.option)
    note(.keyword(.grant))
    note(.keyword(.admin))
    if isOption, isAt(.admin) {
      try parseOptionFor()
      return .revokeRoles(try parseRevokedRoles(adminOptionOnly: true, start))
    }
    let grantOptionOnly = isOption && isAt(.grant)
    if grantOptionOnly { try parseOptionFor() }
    guard grantOptionOnly || startsPrivileges else {
      return .revokeRoles(try parseRevokedRoles(adminOptionOnly: false, start))
    }
    let privileges = try parsePrivileges()
    let object = try parseAccessObject()
    try expect(.from)
    let grantee = try parsePrincipal()
    return .revoke(
      RevokeStatement(
        grantOptionOnly: grantOptionOnly,
        privileges: privileges,
        object: object,
        grantee: grantee,
        range: range(from: start)
      )
    )
  }

  private mutating func parseOptionFor() throws(SQLError) {
    advance()
    try expect(.option)
    try expect(.for)
  }

  private mutating func parseRevokedRoles(
    adminOptionOnly: Bool,
    _ start: Int
  ) throws(SQLError) -> RevokeRolesStatement {
    let roles = try parseRoleNames()
    try expect(.from)
    let grantees = try parsePrincipals()
    let (grantedBy, catalog) = try parseGrantor()
    return RevokeRolesStatement(
      adminOptionOnly: adminOptionOnly,
      roles: roles,
      grantees: grantees,
      grantedBy: grantedBy,
      catalog: catalog,
      range: range(from: start)
    )
  }

  mutating func parseDeny() throws(SQLError) -> DenyStatement {
    let start = index
    try expect(.deny)
    let privileges = try parsePrivileges()
    let object = try parseAccessObject()
    try expect(.to)
    let grantee = try parsePrincipal()
    return DenyStatement(
      privileges: privileges,
      object: object,
      grantee: grantee,
      range: range(from: start)
    )
  }

  /// Whether what follows is privileges and not roles: some words are both, but only privileges
  /// are ON something.
  private var startsPrivileges: Bool {
    if isAt(.all), peek().kind == .keyword(.privileges) { return true }
    var distance = 0
    while true {
      switch peek(distance).kind {
      case .keyword(.select), .keyword(.insert), .keyword(.delete), .keyword(.create): return true
      case .keyword, .word, .quotedName: distance += 1
      default: return false
      }
      guard peek(distance).kind == .symbol(.comma) else {
        return peek(distance).kind == .keyword(.on)
      }
      distance += 1
    }
  }

  private mutating func parsePrivileges() throws(SQLError) -> [Privilege] {
    note(.keyword(.all))
    if isAt(.all) {
      advance()
      try expect(.privileges)
      return []
    }
    var privileges: [Privilege] = []
    repeat {
      let word = try expect(oneOf: .select, .insert, .update, .delete, .create)
      if let privilege = Privilege(rawValue: word.rawValue) { privileges.append(privilege) }
    } while accept(.comma)
    return privileges
  }

  private mutating func parseAccessObject() throws(SQLError) -> AccessObject {
    try expect(.on)
    if accept(.table) { return .table(try parseQualifiedName()) }
    note(.keyword(.schema))
    if isAt(.schema) || isAt(.database), isIdentifier(peek(), except: [.to]) {
      advance()
      return .database(try parseQualifiedName())
    }
    return .table(try parseQualifiedName())
  }

  private mutating func parseRoleNames() throws(SQLError) -> [Identifier] {
    var roles = [try parseIdentifier()]
    while accept(.comma) { roles.append(try parseIdentifier()) }
    return roles
  }

  private mutating func parsePrincipals() throws(SQLError) -> [Principal] {
    var principals = [try parsePrincipal()]
    while accept(.comma) { principals.append(try parsePrincipal()) }
    return principals
  }

  private mutating func parsePrincipal() throws(SQLError) -> Principal {
    switch current.kind {
    case .keyword(.currentUser):
      advance()
      return .currentUser
    case .keyword(.currentRole):
      advance()
      return .currentRole
    case .keyword(.user) where isIdentifier(peek(), except: [.granted]):
      advance()
      return .user(try parseIdentifier())
    case .keyword(.role) where isIdentifier(peek(), except: [.granted]):
      advance()
      return .role(try parseIdentifier())
    default:
      return .unspecified(try parseIdentifier())
    }
  }

  /// Reads `GRANTED BY … IN …`, as far as it is there.
  private mutating func parseGrantor() throws(SQLError) -> (Principal?, Identifier?) {
    var grantedBy: Principal?
    if accept(.granted) {
      try expect(.by)
      grantedBy = try parsePrincipal()
    }
    return (grantedBy, try parseRoleCatalog())
  }

  private mutating func parseRoleCatalog() throws(SQLError) -> Identifier? {
    accept(.in) ? try parseIdentifier() : nil
  }
}

// Roles themselves.
extension Parser {
  mutating func parseCreateRole() throws(SQLError) -> CreateRoleStatement {
    let start = index
    try expect(.create)
    try expect(.role)
    let name = try parseIdentifier()
    var admin: Principal?
    if accept(.with) {
      try expect(.admin)
      admin = try parsePrincipal()
    }
    let catalog = try parseRoleCatalog()
    return CreateRoleStatement(
      name: name,
      admin: admin,
      catalog: catalog,
      range: range(from: start)
    )
  }

  mutating func parseDropRole() throws(SQLError) -> DropRoleStatement {
    let start = index
    try expect(.drop)
    try expect(.role)
    let name = try parseIdentifier()
    let catalog = try parseRoleCatalog()
    return DropRoleStatement(name: name, catalog: catalog, range: range(from: start))
  }

  mutating func parseSetRole() throws(SQLError) -> SetRoleStatement {
    let start = index
    try expect(.set)
    try expect(.role)
    let role: RoleChoice
    switch accept(oneOf: .all, .none) {
    case .all?: role = .all
    case Keyword.none?: role = .none
    default: role = .named(try parseIdentifier())
    }
    let catalog = try parseRoleCatalog()
    return SetRoleStatement(role: role, catalog: catalog, range: range(from: start))
  }
}
