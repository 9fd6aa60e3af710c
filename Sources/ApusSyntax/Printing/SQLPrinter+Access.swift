// Privileges and roles.
extension SQLPrinter {
  mutating func printAccess(_ statement: Statement) {
    switch statement {
    case .grant(let node):
      print("GRANT ", node.privileges, node.object)
      print(" TO ", [node.grantee])
      if node.withGrantOption { write(" WITH GRANT OPTION") }
    case .revoke(let node):
      let start = node.grantOptionOnly ? "REVOKE GRANT OPTION FOR " : "REVOKE "
      print(start, node.privileges, node.object)
      print(" FROM ", [node.grantee])
    case .deny(let node):
      print("DENY ", node.privileges, node.object)
      print(" TO ", [node.grantee])
    case .grantRoles(let node):
      write("GRANT ")
      list(node.roles) { $0.print($1) }
      print(" TO ", node.grantees)
      if node.withAdminOption { write(" WITH ADMIN OPTION") }
      print(grantedBy: node.grantedBy, in: node.catalog)
    case .revokeRoles(let node):
      write(node.adminOptionOnly ? "REVOKE ADMIN OPTION FOR " : "REVOKE ")
      list(node.roles) { $0.print($1) }
      print(" FROM ", node.grantees)
      print(grantedBy: node.grantedBy, in: node.catalog)
    case .createRole(let node):
      write("CREATE ROLE ")
      print(node.name)
      if let admin = node.admin { print(" WITH ADMIN ", [admin]) }
      print(grantedBy: nil, in: node.catalog)
    case .dropRole(let node):
      write("DROP ROLE ")
      print(node.name)
      print(grantedBy: nil, in: node.catalog)
    case .setRole(let node):
      write("SET ROLE ")
      switch node.role {
      case .all: write("ALL")
      case .none: write("NONE")
      case .named(let name): print(name)
      }
      print(grantedBy: nil, in: node.catalog)
    default:
      break
    }
  }

  private mutating func print(
    _ start: String,
    _ privileges: [Privilege],
    _ object: AccessObject
  ) {
    write(start)
    if privileges.isEmpty { write("ALL PRIVILEGES") }
    list(privileges) { $0.write($1.rawValue) }
    switch object {
    case .table(let name):
      write(" ON TABLE ")
      print(name)
    case .database(let name):
      write(" ON SCHEMA ")
      print(name)
    }
  }

  private mutating func print(_ before: String, _ principals: [Principal]) {
    write(before)
    list(principals) { printer, principal in
      switch principal {
      case .unspecified(let name): printer.print(name)
      case .user(let name):
        printer.write("USER ")
        printer.print(name)
      case .role(let name):
        printer.write("ROLE ")
        printer.print(name)
      case .currentUser: printer.write("CURRENT_USER")
      case .currentRole: printer.write("CURRENT_ROLE")
      }
    }
  }

  private mutating func print(grantedBy principal: Principal?, in catalog: Identifier?) {
    if let principal { print(" GRANTED BY ", [principal]) }
    if let catalog {
      write(" IN ")
      print(catalog)
    }
  }
}
