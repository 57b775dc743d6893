using System.Runtime.InteropServices;

namespace Invoicing.Gateway.Keys.Tokens;

/// <summary>The functions of a token maker's library that are used here.</summary>
/// <remarks>
/// Used in the key host's process only: such libraries crash and hang. Unix: CK_ULONG is a word there and structures are aligned. Source:
/// PKCS #11 v2.40, <c>pkcs11f.h</c> (order of functions) and <c>pkcs11t.h</c> (numbers).
/// </remarks>
internal sealed unsafe class Cryptoki
{
    public const nuint Ok = 0;
    public const nuint TokenNotPresent = 0xE0;
    public const nuint DeviceRemoved = 0x32;
    public const nuint PinIncorrect = 0xA0;
    public const nuint PinLengthRange = 0xA2;
    public const nuint PinInvalid = 0xA1;
    public const nuint PinLocked = 0xA4;
    public const nuint AlreadyLoggedIn = 0x100;
    public const nuint AlreadyInitialized = 0x191;
    public const nuint SessionCount = 0xB1;

    /// <summary>Places in CK_FUNCTION_LIST, in the order of <c>pkcs11f.h</c>.</summary>
    private enum Place
    {
        Initialize = 0,
        GetSlotList = 4,
        GetTokenInfo = 6,
        OpenSession = 12,
        Login = 18,
        GetAttributeValue = 24,
        FindObjectsInit = 26,
        FindObjects = 27,
        FindObjectsFinal = 28,
        SignInit = 42,
        Sign = 43,
        GenerateKeyPair = 59,
    }

    private readonly void** _functions;

    private Cryptoki(void** functions) => _functions = functions;

    /// <summary>Loads and initializes a library; it stays loaded until the process ends.</summary>
    /// <exception cref="TokenException">No such library, or it does not start.</exception>
    public static Cryptoki Load(string path)
    {
        if (!NativeLibrary.TryLoad(path, out nint library) || !NativeLibrary.TryGetExport(library, "C_GetFunctionList", out nint get))
        {
            throw new TokenException(TokenTrouble.Module, $"{path}: expected a PKCS#11 library for this processor, found none; see 'pkcs11_module'");
        }

        byte* list = null;
        Check(((delegate* unmanaged[Cdecl]<byte**, nuint>)get)(&list), "C_GetFunctionList");

        // CK_VERSION is two bytes, and the first pointer behind it is aligned.
        var module = new Cryptoki((void**)(list + sizeof(nint)));
        var arguments = new InitializeArguments { Flags = 2 }; // CKF_OS_LOCKING_OK: several threads sign
        nuint result = ((delegate* unmanaged[Cdecl]<void*, nuint>)module[Place.Initialize])(&arguments);
        Check(result == AlreadyInitialized ? Ok : result, "C_Initialize");
        return module;
    }

    public nuint[] Slots()
    {
        nuint count = 64;
        nuint* slots = stackalloc nuint[64];
        Check(((delegate* unmanaged[Cdecl]<byte, nuint*, nuint*, nuint>)this[Place.GetSlotList])(1, slots, &count), "C_GetSlotList");
        return new ReadOnlySpan<nuint>(slots, (int)count).ToArray();
    }

    /// <summary>CK_TOKEN_INFO: label, manufacturer, model and serial, padded with blanks, and flags.</summary>
    public (string Label, string Manufacturer, string Model, string Serial, nuint Flags)? Token(nuint slot)
    {
        byte* info = stackalloc byte[512];
        nuint result = ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint>)this[Place.GetTokenInfo])(slot, info);
        return result == Ok
            ? (Padded(info, 32), Padded(info + 32, 32), Padded(info + 64, 16), Padded(info + 80, 16), *(nuint*)(info + 96))
            : null;
    }

    public nuint OpenSession(nuint slot, bool isWriting)
    {
        nuint session;
        nuint flags = isWriting ? 6u : 4u; // CKF_SERIAL_SESSION, CKF_RW_SESSION
        Check(
            ((delegate* unmanaged[Cdecl]<nuint, nuint, void*, void*, nuint*, nuint>)this[Place.OpenSession])(slot, flags, null, null, &session),
            "C_OpenSession");
        return session;
    }

    /// <summary>Logs the user in; what came of it is the caller's to judge.</summary>
    public nuint Login(nuint session, ReadOnlySpan<byte> pin)
    {
        fixed (byte* bytes = pin)
        {
            return ((delegate* unmanaged[Cdecl]<nuint, nuint, byte*, nuint, nuint>)this[Place.Login])(session, 1, bytes, (nuint)pin.Length); // CKU_USER
        }
    }

    /// <summary>Objects that have all of the attributes.</summary>
    public nuint[] Find(nuint session, params (nuint Type, byte[] Value)[] attributes)
    {
        nuint* found = stackalloc nuint[16];
        nuint count = 0;
        Pinned(attributes, (list, length) => Check(
            ((delegate* unmanaged[Cdecl]<nuint, Attribute*, nuint, nuint>)this[Place.FindObjectsInit])(session, list, length), "C_FindObjectsInit"));
        nuint result = ((delegate* unmanaged[Cdecl]<nuint, nuint*, nuint, nuint*, nuint>)this[Place.FindObjects])(session, found, 16, &count);
        Check(((delegate* unmanaged[Cdecl]<nuint, nuint>)this[Place.FindObjectsFinal])(session), "C_FindObjectsFinal");
        Check(result, "C_FindObjects");
        return new ReadOnlySpan<nuint>(found, (int)count).ToArray();
    }

    /// <summary>An attribute's bytes; <see langword="null"/> if the object has none of the sort, or does not show it.</summary>
    public byte[]? Read(nuint session, nuint item, nuint type)
    {
        byte* bytes = stackalloc byte[MaxAttribute];
        var attribute = new Attribute { Type = type, Value = bytes, Length = MaxAttribute };
        nuint result = ((delegate* unmanaged[Cdecl]<nuint, nuint, Attribute*, nuint, nuint>)this[Place.GetAttributeValue])(session, item, &attribute, 1);
        if (result is TokenNotPresent or DeviceRemoved)
        {
            Check(result, "C_GetAttributeValue");
        }

        return result == Ok && attribute.Length <= MaxAttribute ? new ReadOnlySpan<byte>(bytes, (int)attribute.Length).ToArray() : null;
    }

    /// <summary>Signs; a token of cards and USB sticks does one thing at a time, so a session is one thread's.</summary>
    public byte[] Sign(nuint session, nuint key, nuint mechanism, ReadOnlySpan<byte> content)
    {
        var how = new Mechanism { Type = mechanism };
        Check(((delegate* unmanaged[Cdecl]<nuint, Mechanism*, nuint, nuint>)this[Place.SignInit])(session, &how, key), "C_SignInit");
        byte* signature = stackalloc byte[1024]; // RSA of 8,192 bits
        nuint length = 1024;
        fixed (byte* bytes = content)
        {
            Check(
                ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint, byte*, nuint*, nuint>)this[Place.Sign])(session, bytes, (nuint)content.Length, signature, &length),
                "C_Sign");
        }

        return new ReadOnlySpan<byte>(signature, (int)length).ToArray();
    }

    /// <summary>Makes a key pair on the token.</summary>
    public void Generate(nuint session, nuint mechanism, (nuint Type, byte[] Value)[] open, (nuint Type, byte[] Value)[] closed)
    {
        var how = new Mechanism { Type = mechanism };
        Mechanism* by = &how;
        nuint openKey;
        nuint closedKey;
        nuint* openPlace = &openKey;
        nuint* closedPlace = &closedKey;
        Pinned(open, (openList, openLength) => Pinned(closed, (closedList, closedLength) => Check(
            ((delegate* unmanaged[Cdecl]<nuint, Mechanism*, Attribute*, nuint, Attribute*, nuint, nuint*, nuint*, nuint>)this[Place.GenerateKeyPair])(
                session, by, openList, openLength, closedList, closedLength, openPlace, closedPlace),
            "C_GenerateKeyPair")));
    }

    private const int MaxAttribute = 8192; // a certificate

    private delegate void WithAttributes(Attribute* list, nuint length);

    private void* this[Place place] => _functions[(int)place];

    /// <summary>Says what a function returned, by the kinds that matter.</summary>
    private static void Check(nuint result, string function)
    {
        if (result != Ok)
        {
            throw result is TokenNotPresent or DeviceRemoved
                ? new TokenException(TokenTrouble.Gone, "the token was pulled out; put it back")
                : new TokenException(TokenTrouble.Failed, $"the token does not answer as it should: {function} gave 0x{result:X}");
        }
    }

    private static string Padded(byte* text, int length) =>
        System.Text.Encoding.UTF8.GetString(new ReadOnlySpan<byte>(text, length)).TrimEnd(' ', '\0');

    private static void Pinned((nuint Type, byte[] Value)[] attributes, WithAttributes use)
    {
        var handles = new GCHandle[attributes.Length];
        try
        {
            Attribute* list = stackalloc Attribute[attributes.Length];
            for (int i = 0; i < attributes.Length; i++)
            {
                handles[i] = GCHandle.Alloc(attributes[i].Value, GCHandleType.Pinned);
                list[i] = new() { Type = attributes[i].Type, Value = (void*)handles[i].AddrOfPinnedObject(), Length = (nuint)attributes[i].Value.Length };
            }

            use(list, (nuint)attributes.Length);
        }
        finally
        {
            foreach (GCHandle handle in handles.Where(handle => handle.IsAllocated))
            {
                handle.Free();
            }
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct InitializeArguments
    {
        public void* CreateMutex;
        public void* DestroyMutex;
        public void* LockMutex;
        public void* UnlockMutex;
        public nuint Flags;
        public void* Reserved;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Attribute
    {
        public nuint Type;
        public void* Value;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Mechanism
    {
        public nuint Type;
        public void* Parameter;
        public nuint Length;
    }
}
