import DSCore

extension MachineDescription {
  /// The description to plan with: measured roofs, and measured cache sizes where the declared ones
  /// are refuted or missing (firmware of virtual machines lies). Its signature then differs from
  /// the declared one, which is the one to compare machines by.
  public func applying(_ measurement: RoofMeasurement) -> MachineDescription {
    var machine = self
    for level in measurement.levels {
      guard let byteCount = level.byteCount else { continue }
      if let index = machine.caches.firstIndex(where: { $0.level == level.level }) {
        machine.caches[index].byteCount = byteCount
      } else {
        machine.caches.append(Cache(level: level.level, byteCount: byteCount))
      }
    }
    machine.caches.sort { $0.level < $1.level }
    func rate(_ level: Int) -> Double? {
      measurement.levels.first { $0.level == level }?.gigabytesPerSecond
    }
    machine.roofs.fmaGigaflopsPerCore = measurement.fmaGigaflopsPerCore
    machine.roofs.l1GigabytesPerSecond = rate(1)
    machine.roofs.l2GigabytesPerSecond = rate(2)
    machine.roofs.l3GigabytesPerSecond = rate(3)
    machine.roofs.dramGigabytesPerSecond = measurement.memoryGigabytesPerSecond
    return machine
  }
}
