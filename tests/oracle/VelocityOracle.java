/* VelocityOracle.java -- what the real engine makes of templates: standard input holds templates, each ended by a NUL byte; each is
 * answered by '=' and its text, or by '!' and what went wrong, and a NUL byte. The variables are those of velocity.t. */
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.runtime.ParserPool;
import org.apache.velocity.runtime.RuntimeServices;
import org.apache.velocity.runtime.parser.Parser;

public class VelocityOracle {
	/* Parsers remember the names of macros from one template to the next: each template gets a new one. */
	public static class NewParsers implements ParserPool {
		private RuntimeServices services;

		public void initialize(RuntimeServices rs) {
			services = rs;
		}

		public Parser get() {
			return services.createNewParser();
		}

		public void put(Parser p) {
		}
	}

	private static VelocityEngine engine() {
		VelocityEngine e = new VelocityEngine();
		e.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
		e.setProperty("velocimacro.library", "");
		/* a macro belongs to the template that defines it */
		e.setProperty("velocimacro.permissions.allow.inline.local.scope", "true");
		e.setProperty("parser.pool.class", NewParsers.class.getName());
		e.init();
		return e;
	}

	private static VelocityContext context() {
		Map<String, Object> inner = new LinkedHashMap<>();
		inner.put("k", "v");
		inner.put("n", 7);
		inner.put("none", null);
		VelocityContext c = new VelocityContext();
		c.put("text", "Hello");
		c.put("empty", "");
		c.put("uml", "gr\u00fc\u00df \ud83d\ude00");
		c.put("num", 12);
		c.put("big", 5000000000L);
		c.put("real", 2.5);
		c.put("yes", true);
		c.put("no", false);
		c.put("map", inner);
		return c;
	}

	private static String render(VelocityEngine e, String template, int number) {
		StringWriter w = new StringWriter();
		try {
			e.evaluate(context(), w, "t" + number, template);
			return "=" + w;
		} catch (Exception | Error x) {
			return "!" + x.getClass().getSimpleName() + ": " + x.getMessage();
		}
	}

	public static void main(String[] args) throws IOException {
		InputStream in = System.in;
		PrintStream out = new PrintStream(System.out, false);
		ByteArrayOutputStream one = new ByteArrayOutputStream();
		int number = 0;
		VelocityEngine e = engine();
		for (int c; (c = in.read()) >= 0;) {
			if (c != 0) {
				one.write(c);
				continue;
			}
			String template = new String(one.toByteArray(), StandardCharsets.UTF_8);
			one.reset();
			out.write(render(e, template, number++).getBytes(StandardCharsets.UTF_8));
			out.write(0);
		}
		out.flush();
	}
}
