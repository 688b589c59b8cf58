import com.huaweicloud.sdk.core.SdkResponse;
import com.huaweicloud.sdk.core.exception.SdkException;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.dns.v2.DnsClient;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Runs operations one by one and prints a line for each: {@code ok   java ShowPublicZone} or {@code FAIL java ShowPublicZone: reason}. */
final class Suite {
    /** The calls of one operation; what is thrown inside is its failure. */
    interface Calls {
        void run(Check check) throws Exception;
    }

    private final Set<String> answered = new HashSet<>();
    private final Set<String> reported = new HashSet<>();
    private int failed = 0;

    void check(String operation, Calls calls) {
        run(operation, new Check(operation), calls);
    }

    /** Like {@link #check}, for something that is not an operation of its own. */
    void topic(String name, Calls calls) {
        run(name, new Check(null), calls);
    }

    private void run(String name, Check check, Calls calls) {
        try {
            calls.run(check);
            must(check.operation == null || answered.contains(name), "never answered");
            report(name, null);
        } catch (Exception | AssertionError thrown) {
            StackTraceElement at = Arrays.stream(thrown.getStackTrace())
                .filter(each -> each.getModuleName() == null && !each.getClassName().contains("."))
                .filter(each -> !each.getClassName().startsWith("Suite")).findFirst().orElse(null);
            report(name, (thrown + " at " + at).replaceAll("\\s+", " "));
        }
    }

    private void report(String name, String reason) {
        reported.add(name);
        if (reason != null) failed++;
        System.out.println(reason == null ? "ok   java " + name : "FAIL java " + name + ": " + reason);
    }

    /** Reports the operations of the client class that nobody has checked; gives the exit code. */
    int end() {
        for (String operation : operations()) if (!reported.contains(operation)) report(operation, "never called");
        return failed == 0 ? 0 : 1;
    }

    private static Set<String> operations() {
        Set<String> names = new TreeSet<>();
        for (Method method : DnsClient.class.getDeclaredMethods()) {
            Class<?> answer = method.getReturnType();
            if (Modifier.isPublic(method.getModifiers()) && SdkResponse.class.isAssignableFrom(answer))
                names.add(answer.getSimpleName().replaceAll("Response$", ""));
        }
        return names;
    }

    static void must(boolean holds, Object shown) {
        if (!holds) throw new AssertionError(String.valueOf(shown));
    }

    static void equal(Object actual, Object expected) {
        must(expected == null ? actual == null : expected.equals(actual), actual + " is not " + expected);
    }

    final class Check {
        private final String operation;

        Check(String operation) {
            this.operation = operation;
        }

        /** Calls an operation and gives its typed answer. */
        <R, S extends SdkResponse> S call(Function<R, S> method, R request) {
            S answer = method.apply(request);
            must(answer.getHttpStatusCode() / 100 == 2, answer.getHttpStatusCode());
            String name = answer.getClass().getSimpleName().replaceAll("Response$", "");
            if (operation != null) equal(name, operation);
            answered.add(name);
            return answer;
        }

        /** Calls an operation that has to be refused with this status and code; gives the exception. */
        <R, S extends SdkResponse> ServiceResponseException refused(int status, String code, Function<R, S> method, R request) {
            try {
                throw new AssertionError("not refused: " + method.apply(request));
            } catch (ServiceResponseException refusal) {
                must(refusal.getHttpStatusCode() == status && code.equals(refusal.getErrorCode()), refusal);
                must(refusal.getErrorMsg() != null && !refusal.getErrorMsg().isEmpty(), refusal);
                must(String.valueOf(refusal.getRequestId()).matches("[0-9a-f]{32}"), refusal);
                return refusal;
            } catch (SdkException other) {
                throw new AssertionError("not an answer of the service: " + other, other);
            }
        }
    }
}
