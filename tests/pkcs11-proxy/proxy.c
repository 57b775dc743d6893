/* A PKCS#11 module that forwards to another one and can be pulled out, hung or crashed by files.
 *
 * PKCS11_PROXY_MODULE names the real module, PKCS11_PROXY_FLAGS a folder:
 *   gone   exists: the token is not in its slot, and every session that was open has ended
 *   hang   exists: C_Sign does not return
 *   crash  exists: C_Sign aborts the process
 *   logins grows by a byte for each C_Login that reached the real module, with 'y' if it was let in and 'n' if not
 *
 * Built by the tests: gcc -shared -fPIC -Wall -Werror -I/usr/include/p11-kit-1 -o proxy.so proxy.c -ldl
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <p11-kit/pkcs11.h>

static CK_FUNCTION_LIST ours;
static CK_FUNCTION_LIST *real;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int was_gone;

static void path_of(const char *name, char *path, size_t size)
{
    const char *folder = getenv("PKCS11_PROXY_FLAGS");
    snprintf(path, size, "%s/%s", folder ? folder : "/nonexistent", name);
}

static int is(const char *flag)
{
    char path[4096];
    path_of(flag, path, sizeof path);
    return access(path, F_OK) == 0;
}

/* Whether the token is out. Seen the first time, everything that was open on it ends, as on a real reader. */
static int is_gone(void)
{
    int gone = is("gone");
    pthread_mutex_lock(&gate);
    if (gone && !was_gone) {
        CK_SLOT_ID slots[64];
        CK_ULONG count = sizeof slots / sizeof slots[0];
        if (real->C_GetSlotList(CK_TRUE, slots, &count) == CKR_OK) {
            for (CK_ULONG i = 0; i < count; i++)
                real->C_CloseAllSessions(slots[i]);
        }
    }
    was_gone = gone;
    pthread_mutex_unlock(&gate);
    return gone;
}

static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count)
{
    if (is_gone() && present) {
        *count = 0;
        return CKR_OK;
    }
    return real->C_GetSlotList(present, slots, count);
}

static CK_RV get_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO_PTR info)
{
    CK_RV rv = real->C_GetSlotInfo(slot, info);
    if (rv == CKR_OK && is_gone())
        info->flags &= ~(CK_FLAGS)CKF_TOKEN_PRESENT;
    return rv;
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info)
{
    return is_gone() ? CKR_TOKEN_NOT_PRESENT : real->C_GetTokenInfo(slot, info);
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR session)
{
    return is_gone() ? CKR_TOKEN_NOT_PRESENT : real->C_OpenSession(slot, flags, application, notify, session);
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length)
{
    if (is_gone())
        return CKR_DEVICE_REMOVED;
    CK_RV rv = real->C_Login(session, user, pin, length);
    char path[4096];
    path_of("logins", path, sizeof path);
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (file >= 0) {
        if (write(file, rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN ? "y" : "n", 1) != 1)
            abort();
        close(file);
    }
    return rv;
}

static CK_RV close_session(CK_SESSION_HANDLE session)
{
    return is_gone() ? CKR_DEVICE_REMOVED : real->C_CloseSession(session);
}

static CK_RV get_session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO_PTR info)
{
    return is_gone() ? CKR_DEVICE_REMOVED : real->C_GetSessionInfo(session, info);
}

static CK_RV get_attribute_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR attributes, CK_ULONG count)
{
    return is_gone() ? CKR_DEVICE_REMOVED : real->C_GetAttributeValue(session, object, attributes, count);
}

static CK_RV find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes, CK_ULONG count)
{
    return is_gone() ? CKR_DEVICE_REMOVED : real->C_FindObjectsInit(session, attributes, count);
}

static CK_RV find_objects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE_PTR objects, CK_ULONG most, CK_ULONG_PTR count)
{
    return is_gone() ? CKR_DEVICE_REMOVED : real->C_FindObjects(session, objects, most, count);
}

static CK_RV find_objects_final(CK_SESSION_HANDLE session)
{
    return is_gone() ? CKR_DEVICE_REMOVED : real->C_FindObjectsFinal(session);
}

static CK_RV generate_key_pair(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_ATTRIBUTE_PTR open, CK_ULONG opens,
                               CK_ATTRIBUTE_PTR closed, CK_ULONG closeds, CK_OBJECT_HANDLE_PTR public_key, CK_OBJECT_HANDLE_PTR private_key)
{
    return is_gone() ? CKR_DEVICE_REMOVED
                     : real->C_GenerateKeyPair(session, mechanism, open, opens, closed, closeds, public_key, private_key);
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key)
{
    return is_gone() ? CKR_DEVICE_REMOVED : real->C_SignInit(session, mechanism, key);
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature, CK_ULONG_PTR signature_length)
{
    if (is("crash"))
        abort();
    while (is("hang"))
        usleep(20000);
    return is_gone() ? CKR_DEVICE_REMOVED : real->C_Sign(session, data, length, signature, signature_length);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list)
{
    pthread_mutex_lock(&gate);
    if (real == NULL) {
        const char *path = getenv("PKCS11_PROXY_MODULE");
        void *module = dlopen(path ? path : "/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW | RTLD_LOCAL);
        CK_C_GetFunctionList get = module ? (CK_C_GetFunctionList)dlsym(module, "C_GetFunctionList") : NULL;
        if (get == NULL || get(&real) != CKR_OK) {
            pthread_mutex_unlock(&gate);
            return CKR_GENERAL_ERROR;
        }
        ours = *real;
        ours.C_GetFunctionList = C_GetFunctionList;
        ours.C_GetSlotList = get_slot_list;
        ours.C_GetSlotInfo = get_slot_info;
        ours.C_GetTokenInfo = get_token_info;
        ours.C_OpenSession = open_session;
        ours.C_CloseSession = close_session;
        ours.C_GetSessionInfo = get_session_info;
        ours.C_Login = login;
        ours.C_GetAttributeValue = get_attribute_value;
        ours.C_FindObjectsInit = find_objects_init;
        ours.C_FindObjects = find_objects;
        ours.C_FindObjectsFinal = find_objects_final;
        ours.C_GenerateKeyPair = generate_key_pair;
        ours.C_SignInit = sign_init;
        ours.C_Sign = sign;
    }
    *list = &ours;
    pthread_mutex_unlock(&gate);
    return CKR_OK;
}
