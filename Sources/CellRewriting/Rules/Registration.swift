/// The runtime learns the types of variables, without which it could not destroy the values that no code can reach any more.
enum Registration {
  static func calls(for declarations: CellDeclarations, in module: String, _ runtime: RuntimeNames) -> [String] {
    declarations.variables.filter(\.isRegistered).map { variable in
      "\(runtime.register)(\"\(module).\(variable.name)\", `\(variable.name)`)".under(variable.condition)
    }
  }
}
