namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>Tables and triggers of <c>registry.db</c>: what must hold is refused here, whoever writes.</summary>
/// <remarks>
/// A client is a device, a follower or an operator; its certificates come and go. Ranges lie on lines, one per block of codes and one per seller
/// and series of numbers: each grant begins where the line's next one does, and moves it on, so nothing is ever granted twice (design.md 5.16).
/// Acts and grants are only ever added; a client that was put out for good stays so.
/// </remarks>
internal static class RegistrySchema
{
    /// <summary>Version of the schema, kept in <c>user_version</c>.</summary>
    public const int Version = 1;

    /// <summary>Everything.</summary>
    public const string Base = """
        CREATE TABLE client(
          id INTEGER PRIMARY KEY, role INTEGER NOT NULL CHECK(role IN (1, 2, 3)), name TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 64),
          standing INTEGER NOT NULL CHECK(standing IN (1, 2, 3, 4)), reason TEXT NOT NULL, since INTEGER NOT NULL, scope TEXT NOT NULL,
          certificate_days INTEGER NOT NULL CHECK(certificate_days BETWEEN 1 AND 825), added_at INTEGER NOT NULL);
        CREATE UNIQUE INDEX client_name ON client(role, name) WHERE standing IN (1, 2);
        CREATE TABLE device(
          client INTEGER PRIMARY KEY REFERENCES client(id), enrolment BLOB NOT NULL UNIQUE CHECK(length(enrolment) = 16), seller TEXT NOT NULL,
          record BLOB NOT NULL, codes INTEGER NOT NULL, numbers INTEGER NOT NULL);
        CREATE INDEX device_seller ON device(seller);
        CREATE TABLE certificate(
          id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE CHECK(length(hash) = 32), client INTEGER NOT NULL REFERENCES client(id),
          certificate BLOB NOT NULL,
          not_before INTEGER NOT NULL, not_after INTEGER NOT NULL, request BLOB UNIQUE CHECK(length(request) = 32), issued_at INTEGER NOT NULL,
          is_current INTEGER NOT NULL CHECK(is_current IN (0, 1)));
        CREATE INDEX certificate_client ON certificate(client);
        CREATE TABLE invitation(
          id INTEGER PRIMARY KEY, secret BLOB NOT NULL UNIQUE CHECK(length(secret) = 32), name TEXT NOT NULL, terms TEXT NOT NULL,
          succeeds INTEGER REFERENCES client(id), made_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, withdrawn_at INTEGER,
          used_at INTEGER, request BLOB CHECK(length(request) = 32), client INTEGER REFERENCES client(id));
        CREATE TABLE range_line(
          kind INTEGER NOT NULL CHECK(kind IN (1, 2)), name TEXT NOT NULL, seller TEXT NOT NULL, next INTEGER NOT NULL,
          PRIMARY KEY(kind, name, seller)) WITHOUT ROWID;
        CREATE TABLE range_granted(
          id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, seller TEXT NOT NULL, first INTEGER NOT NULL,
          last INTEGER NOT NULL CHECK(last >= first), client INTEGER NOT NULL REFERENCES client(id), granted_at INTEGER NOT NULL);
        CREATE TABLE range_grant(
          client INTEGER NOT NULL REFERENCES client(id), number INTEGER NOT NULL, body BLOB NOT NULL,
          signature BLOB NOT NULL CHECK(length(signature) = 64), granted_at INTEGER NOT NULL, PRIMARY KEY(client, number)) WITHOUT ROWID;
        CREATE TABLE act(
          number INTEGER PRIMARY KEY, body BLOB NOT NULL, signature BLOB NOT NULL CHECK(length(signature) = 64));

        CREATE TRIGGER client_final BEFORE UPDATE ON client WHEN OLD.standing IN (3, 4) OR NEW.role <> OLD.role OR NEW.name <> OLD.name
        BEGIN SELECT RAISE(ABORT, 'a client that was put out stays out'); END;
        CREATE TRIGGER client_kept BEFORE DELETE ON client BEGIN SELECT RAISE(ABORT, 'a client is never removed'); END;
        CREATE TRIGGER device_fixed BEFORE UPDATE ON device BEGIN SELECT RAISE(ABORT, 'an enrolment is never changed'); END;
        CREATE TRIGGER device_kept BEFORE DELETE ON device BEGIN SELECT RAISE(ABORT, 'an enrolment is never removed'); END;
        CREATE TRIGGER certificate_fixed BEFORE UPDATE ON certificate WHEN NEW.is_current > OLD.is_current OR NEW.client <> OLD.client
          OR NEW.certificate <> OLD.certificate BEGIN SELECT RAISE(ABORT, 'a certificate is never changed, nor taken back in'); END;
        CREATE TRIGGER certificate_kept BEFORE DELETE ON certificate BEGIN SELECT RAISE(ABORT, 'a certificate is never removed'); END;
        CREATE TRIGGER invitation_once BEFORE UPDATE ON invitation WHEN OLD.used_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'an invitation is used or withdrawn once'); END;
        CREATE TRIGGER invitation_kept BEFORE DELETE ON invitation BEGIN SELECT RAISE(ABORT, 'an invitation is never removed'); END;
        CREATE TRIGGER range_line_rises BEFORE UPDATE ON range_line WHEN NEW.next <= OLD.next
        BEGIN SELECT RAISE(ABORT, 'a line of ranges only rises'); END;
        CREATE TRIGGER range_line_kept BEFORE DELETE ON range_line BEGIN SELECT RAISE(ABORT, 'a line of ranges is never removed'); END;
        CREATE TRIGGER range_granted_place BEFORE INSERT ON range_granted BEGIN
          UPDATE range_line SET next = NEW.last + 1 WHERE kind = NEW.kind AND name = NEW.name AND seller = NEW.seller AND next = NEW.first;
          SELECT RAISE(ABORT, 'a range begins where the one before it ended') WHERE changes() = 0;
        END;
        CREATE TRIGGER range_granted_fixed BEFORE UPDATE ON range_granted BEGIN SELECT RAISE(ABORT, 'a grant is never changed'); END;
        CREATE TRIGGER range_granted_kept BEFORE DELETE ON range_granted BEGIN SELECT RAISE(ABORT, 'a grant is never removed'); END;
        CREATE TRIGGER range_grant_place BEFORE INSERT ON range_grant BEGIN
          SELECT RAISE(ABORT, 'grants run on') WHERE NEW.number <>
            coalesce((SELECT max(number) FROM range_grant WHERE client = NEW.client), 0) + 1;
        END;
        CREATE TRIGGER range_grant_fixed BEFORE UPDATE ON range_grant BEGIN SELECT RAISE(ABORT, 'a grant is never changed'); END;
        CREATE TRIGGER range_grant_kept BEFORE DELETE ON range_grant BEGIN SELECT RAISE(ABORT, 'a grant is never removed'); END;
        CREATE TRIGGER act_place BEFORE INSERT ON act BEGIN
          SELECT RAISE(ABORT, 'acts run on') WHERE NEW.number <> coalesce((SELECT max(number) FROM act), 0) + 1;
        END;
        CREATE TRIGGER act_fixed BEFORE UPDATE ON act BEGIN SELECT RAISE(ABORT, 'an act is never changed'); END;
        CREATE TRIGGER act_kept BEFORE DELETE ON act BEGIN SELECT RAISE(ABORT, 'an act is never removed'); END;
        """;
}
