CREATE TABLE "screen_connections" (
	"id" text PRIMARY KEY NOT NULL,
	"screen_id" text NOT NULL,
	"connected_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"build" text,
	"user_agent" text,
	"address" text
);
--> statement-breakpoint
CREATE TABLE "screen_tokens" (
	"secret_hash" text PRIMARY KEY NOT NULL,
	"screen_id" text NOT NULL,
	"plain" boolean NOT NULL,
	"hint" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "screens" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"scope" jsonb NOT NULL,
	"redaction" text NOT NULL,
	"options" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" text,
	"revoked_at" timestamp (3) with time zone,
	"last_seen_at" timestamp (3) with time zone,
	"last_build" text,
	"last_user_agent" text
);
--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "number" integer NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "customers_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1);--> statement-breakpoint
ALTER TABLE "screen_connections" ADD CONSTRAINT "screen_connections_screen_id_screens_id_fk" FOREIGN KEY ("screen_id") REFERENCES "public"."screens"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "screen_tokens" ADD CONSTRAINT "screen_tokens_screen_id_screens_id_fk" FOREIGN KEY ("screen_id") REFERENCES "public"."screens"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "screen_connections_screen_id_index" ON "screen_connections" USING btree ("screen_id");--> statement-breakpoint
CREATE INDEX "screen_tokens_screen_id_index" ON "screen_tokens" USING btree ("screen_id");--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_number_unique" UNIQUE("number");