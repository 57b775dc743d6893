using System.Collections.Immutable;
using Invoicing.Gateway.Clocks;
using Invoicing.Gateway.Keys;
using Invoicing.Sales;

namespace Invoicing.Gateway.Recording;

/// <summary>What a recorder is told at its start.</summary>
/// <param name="EveryRegisterIsNew">Whether every register not in the journal is stated to be new.</param>
/// <param name="NewRegisters">Registers stated to be new.</param>
/// <param name="AttachmentRetention">How long attachments are to be kept.</param>
/// <param name="Time">Clock and timers; what is known to be past by the enrolment and the journal is told to it.</param>
/// <param name="Keys">Opens and removes keys that were in force before.</param>
internal sealed record RecordingSettings(
    bool EveryRegisterIsNew, ImmutableArray<RegisterId> NewRegisters, TimeSpan AttachmentRetention, DeviceClock Time,
    SigningKeys Keys);
