/// The threads and sessions that a prepared network keeps for its next call.
final class IdleSessions: @unchecked Sendable {
  private struct Contents {
    var pool: WorkerPool?
    var sessions: [Session] = []
  }

  private let contents: UnsafeMutablePointer<Contents>
  private let turn = Turn()
  private let forks = ForkGuard()

  init() {
    contents = .allocate(capacity: 1)
    contents.initialize(to: Contents())
  }

  deinit {
    // In a child of fork somebody may have been at it.
    if forks.isCurrent { contents.deinitialize(count: 1) }
    contents.deallocate()
  }

  /// One that nobody uses, or a new one on the threads of all.
  func take(
    pool: () throws(RuntimeError) -> WorkerPool,
    session: (WorkerPool) throws(RuntimeError) -> Session
  ) throws(RuntimeError) -> Session {
    renew()
    if let idle = turn.withLock({ contents.pointee.sessions.popLast() }) { return idle }
    let shared = try turn.withLock { () throws(RuntimeError) in
      if let pool = contents.pointee.pool { return pool }
      let pool = try pool()
      contents.pointee.pool = pool
      return pool
    }
    return try session(shared)
  }

  func giveBack(_ session: Session) {
    turn.withLock { contents.pointee.sessions.append(session) }
  }

  /// What the parent kept stays where it is, unused: another thread may have been half through changing it.
  private func renew() {
    forks.renew {
      turn.restart()
      contents.initialize(to: Contents())
    }
  }
}
