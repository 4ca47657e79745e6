CREATE TABLE "app_releases" (
	"app_slug" text NOT NULL,
	"release_sequence" integer NOT NULL,
	"version_label" text NOT NULL,
	"release_notes" text DEFAULT '' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "app_releases_app_slug_release_sequence_pk" PRIMARY KEY("app_slug","release_sequence")
);
--> statement-breakpoint
CREATE TABLE "catalog_versions" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"version" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "upstream_updates" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "upstream_updates_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"channel_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"done_through" bigint DEFAULT 0 NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "app_logos" (
	"app_slug" text PRIMARY KEY NOT NULL,
	"digest" text NOT NULL,
	"content" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "portal_downloads" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "portal_downloads_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"customer_id" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"kind" text NOT NULL,
	"file_id" bigint,
	"name" text NOT NULL,
	"version_label" text,
	"size" bigint NOT NULL,
	"completed_at" timestamp (3) with time zone,
	"address" text
);
--> statement-breakpoint
CREATE TABLE "portal_sessions" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "portals" (
	"customer_id" text PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"password_hash" text,
	"password_set_at" timestamp (3) with time zone,
	CONSTRAINT "portals_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "release_files" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "release_files_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"app_slug" text NOT NULL,
	"release_sequence" integer NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"size" bigint NOT NULL,
	"sha256" text NOT NULL,
	"stored_as" text NOT NULL,
	"uploaded_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"uploaded_by" text,
	CONSTRAINT "release_files_storedAs_unique" UNIQUE("stored_as"),
	CONSTRAINT "release_files_appSlug_releaseSequence_name_unique" UNIQUE("app_slug","release_sequence","name")
);
--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "revision" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "helm_registry" text;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "helm_chart" text;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "install_template" text;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "air_gap_template" text;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "accent_color" text;--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "revision" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "revision" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "releases" ADD COLUMN "revision" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "app_releases" ADD CONSTRAINT "app_releases_app_slug_apps_slug_fk" FOREIGN KEY ("app_slug") REFERENCES "public"."apps"("slug") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "upstream_updates" ADD CONSTRAINT "upstream_updates_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app_logos" ADD CONSTRAINT "app_logos_app_slug_apps_slug_fk" FOREIGN KEY ("app_slug") REFERENCES "public"."apps"("slug") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal_downloads" ADD CONSTRAINT "portal_downloads_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal_sessions" ADD CONSTRAINT "portal_sessions_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portals" ADD CONSTRAINT "portals_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "release_files" ADD CONSTRAINT "release_files_release_fk" FOREIGN KEY ("app_slug","release_sequence") REFERENCES "public"."app_releases"("app_slug","release_sequence") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "upstream_updates_id_index" ON "upstream_updates" USING btree ("id") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "portal_downloads_customer_id_at_index" ON "portal_downloads" USING btree ("customer_id","at");--> statement-breakpoint
CREATE INDEX "portal_sessions_customer_id_index" ON "portal_sessions" USING btree ("customer_id");--> statement-breakpoint
INSERT INTO "catalog_versions" ("id") VALUES (1);--> statement-breakpoint
INSERT INTO "app_releases" ("app_slug", "release_sequence", "version_label", "release_notes", "created_at")
SELECT DISTINCT ON (c."app_slug", r."release_sequence") c."app_slug", r."release_sequence", r."version_label", r."release_notes", r."promoted_at"
FROM "releases" r JOIN "channels" c ON c."id" = r."channel_id"
ORDER BY c."app_slug", r."release_sequence", r."promoted_at";--> statement-breakpoint
INSERT INTO "portals" ("customer_id", "slug") SELECT "id", replace(gen_random_uuid()::text, '-', '') FROM "customers";
